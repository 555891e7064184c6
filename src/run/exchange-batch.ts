import { ConnectorError } from '../errors/connector-error.ts';
import type { Answer } from '../http/call.ts';
import type { Safety } from '../model/definition.ts';
import type { Json } from '../model/json.ts';
import { composeBatchRequest } from '../odata/batch/compose.ts';
import { parseBatchResponse } from '../odata/batch/parse.ts';
import type { BatchItem, BatchRequest, BatchResponse } from '../odata/batch/types.ts';
import { callApi } from './call-api.ts';
import type { Connection } from './connection.ts';

/** What batches are sent with. */
export type BatchSender = Pick<Connection, 'baseUrl' | 'definition' | 'exchange' | 'world'>;

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
  sender: BatchSender,
  batch: Batch,
): Promise<readonly BatchItem<BatchResponse>[]> {
  return (await sendBatch(sender, batch)).parts;
}

/** The answered parts of a batch, and what it took to get them. */
export interface BatchAnswer extends Pick<Answer, 'attempts' | 'ambiguous'> {
  readonly parts: readonly BatchItem<BatchResponse>[];
}

/** As `exchangeBatch`, with what the sending took. */
export async function sendBatch(
  sender: BatchSender,
  { operation, items, safety, signal }: Batch,
): Promise<BatchAnswer> {
  const { contentType, body } = composeBatchRequest(items, sender.world.uuid());
  const answer = await callApi(sender, {
    operation,
    method: 'POST',
    path: '/$batch',
    headers: { 'content-type': contentType, prefer: 'odata.continue-on-error' },
    body,
    safety,
    ...(signal === undefined ? {} : { signal }),
  });
  const parsed = parseBatchResponse(answer.headers['content-type'] ?? '', String(answer.body ?? ''));
  if (parsed.ok) return { parts: parsed.value, attempts: answer.attempts, ambiguous: answer.ambiguous };
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
