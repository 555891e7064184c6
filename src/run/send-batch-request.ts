import { ConnectorError } from '../errors/connector-error.ts';
import type { ApiResponse } from '../http/api-request.ts';
import type { RetrySafety } from '../model/definition.ts';
import type { Json } from '../model/json.ts';
import type { BatchItem, BatchRequest, BatchResponse } from '../odata/batch/batch-types.ts';
import { composeBatchRequest } from '../odata/batch/compose-batch.ts';
import { parseBatchResponse } from '../odata/batch/parse-batch.ts';
import type { Connection } from './connection.ts';
import { sendApiRequest } from './send-api-request.ts';

/** What batches are sent with. */
export type BatchConnection = Pick<Connection, 'baseUrl' | 'definition' | 'pipeline' | 'services'>;

/** Requests that travel together. */
export interface Batch {
  readonly operation: string;
  readonly items: readonly BatchItem<BatchRequest>[];
  /** Of the whole: repeatable only where every part is. */
  readonly safety: RetrySafety;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends a `$batch` that goes on after a failure, and reads its parts.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
 */
export async function sendBatchForParts(
  connection: BatchConnection,
  batch: Batch,
): Promise<readonly BatchItem<BatchResponse>[]> {
  return (await sendBatchRequest(connection, batch)).parts;
}

/** The answered parts of a batch, and what it took to get them. */
export interface BatchResult extends Pick<ApiResponse, 'attempts' | 'ambiguous'> {
  readonly parts: readonly BatchItem<BatchResponse>[];
}

/** As `exchangeBatch`, with what the sending took. */
export async function sendBatchRequest(
  connection: BatchConnection,
  { operation, items, safety, signal }: Batch,
): Promise<BatchResult> {
  const { contentType, body } = composeBatchRequest(items, connection.services.uuid());
  const response = await sendApiRequest(connection, {
    operation,
    method: 'POST',
    path: '/$batch',
    headers: { 'content-type': contentType, prefer: 'odata.continue-on-error' },
    body,
    safety,
    ...(signal === undefined ? {} : { signal }),
  });
  const parsed = parseBatchResponse(response.headers['content-type'] ?? '', String(response.body ?? ''));
  if (parsed.ok) return { parts: parsed.value, attempts: response.attempts, ambiguous: response.ambiguous };
  const message = `${operation}: the answer of the batch cannot be read: ${parsed.diagnostics[0]?.message}`;
  throw new ConnectorError('RESPONSE_INVALID', message, { operation });
}

/** The body of a part: JSON where it is. */
export function parsePartBody(text: string | undefined): Json | undefined {
  try {
    return text === undefined || text === '' ? undefined : (JSON.parse(text) as Json);
  } catch {
    return text;
  }
}
