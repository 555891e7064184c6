import { ConnectorError } from '../../errors/connector-error.ts';
import type { Safety } from '../../model/definition.ts';
import type { Json } from '../../model/json.ts';
import { composeBatchRequest } from '../../odata/batch/compose.ts';
import { parseBatchResponse } from '../../odata/batch/parse.ts';
import type { BatchItem, BatchRequest, BatchResponse } from '../../odata/batch/types.ts';
import { callApi } from '../call-api.ts';
import type { Connection } from '../connection.ts';

/** Requests that travel together. */
export interface Batch {
  readonly operation: string;
  readonly items: readonly BatchItem<BatchRequest>[];
  /** Of the whole: repeatable only where every part is. */
  readonly safety: Safety;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends a `$batch` that goes on after a failure, and reads its parts.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
 */
export async function exchangeBatch(
  connection: Connection,
  { operation, items, safety, signal }: Batch,
): Promise<readonly BatchItem<BatchResponse>[]> {
  const { contentType, body } = composeBatchRequest(items, connection.world.uuid());
  const answer = await callApi(connection, {
    operation,
    method: 'POST',
    path: '/$batch',
    headers: { 'content-type': contentType, prefer: 'odata.continue-on-error' },
    body,
    safety,
    ...(signal === undefined ? {} : { signal }),
  });
  const parsed = parseBatchResponse(answer.headers['content-type'] ?? '', String(answer.body ?? ''));
  if (parsed.ok) return parsed.value;
  const message = `${operation}: the answer of the batch cannot be read: ${parsed.faults[0]?.message}`;
  throw new ConnectorError('RESPONSE_INVALID', message, { operation });
}

/** The body of a part: JSON where it is. */
export function jsonOf(text: string | undefined): Json | undefined {
  try {
    return text === undefined || text === '' ? undefined : (JSON.parse(text) as Json);
  } catch {
    return text;
  }
}
