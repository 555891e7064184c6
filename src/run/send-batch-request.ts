import { ConnectorError } from '../errors/connector-error.ts';
import type { ApiResponse } from '../http/api-request.ts';
import type { RetrySafety } from '../model/definition.ts';
import { parseExactJson } from '../model/exact-json.ts';
import type { Json } from '../model/json.ts';
import type { BatchItem, BatchRequest, BatchResponse } from '../odata/batch/batch-types.ts';
import { composeLongBatchRequest } from '../odata/batch/compose-batch.ts';
import { parseBatchResponse } from '../odata/batch/parse-batch.ts';
import type { Connection } from './connection.ts';

/** The parts of a connection that a batch needs. */
export type BatchConnection = Pick<Connection, 'baseUrl' | 'definition' | 'pipeline' | 'services'>;

/** Requests that are sent in one `$batch`. */
export interface Batch {
  readonly operation: string;
  readonly items: readonly BatchItem<BatchRequest>[];
  /** Retry safety of the whole batch: `repeatable` only if every part is. */
  readonly safety: RetrySafety;
  readonly signal?: AbortSignal;
}

/**
 * Sends a `$batch` that continues after a failed part, and reads the response of each part.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
 */
export async function sendBatchForParts(
  connection: BatchConnection,
  batch: Batch,
): Promise<readonly BatchItem<BatchResponse>[]> {
  return (await sendBatchRequest(connection, batch)).parts;
}

/** The responses of a batch, and how it was sent. */
export interface BatchResult extends Pick<ApiResponse, 'attempts' | 'ambiguous'> {
  readonly parts: readonly BatchItem<BatchResponse>[];
}

/**
 * Like `sendBatchForParts`; also returns the attempts and whether an earlier attempt may have been carried out. If the
 * organization does not continue after a failed part, that is the last part.
 */
export async function sendBatchRequest(
  connection: BatchConnection,
  { operation, items, safety, signal }: Batch,
): Promise<BatchResult> {
  const { contentType, body: multipart } = composeLongBatchRequest(items, connection.services.uuid());
  const response = await connection.pipeline({
    operation,
    method: 'POST',
    url: `${connection.baseUrl}/$batch`,
    headers: { 'content-type': contentType, prefer: 'odata.continue-on-error' },
    multipart,
    safety,
    signal,
    requestId: connection.services.uuid(),
  });
  const responseType = response.headers['content-type'] ?? '';
  // A batch that stopped at a failed part has status 400 and the responses of its parts so far.
  if (response.error !== undefined && !responseType.startsWith('multipart/')) throw response.error;
  const parsed = parseBatchResponse(responseType, response.multipart ?? String(response.body ?? ''));
  if (parsed.ok) return { parts: parsed.value, attempts: response.attempts, ambiguous: response.ambiguous };
  const message = `${operation}: the response of the batch is invalid: ${parsed.diagnostics[0]?.message}`;
  throw new ConnectorError('RESPONSE_INVALID', message, { operation });
}

/** The body of a part: parsed JSON, or the text if it is not JSON. */
export function parsePartBody(text: string | undefined): Json | undefined {
  try {
    return text === undefined || text === '' ? undefined : parseExactJson(text);
  } catch {
    return text;
  }
}
