import { ConnectorError } from '../errors/connector-error.ts';
import type { ApiRequest, ApiResponse, Pipeline } from '../http/api-request.ts';
import { maxUrlLength } from '../odata/limits.ts';
import type { BatchConnection } from './send-batch-request.ts';

/**
 * A pipeline whose reads may have longer URLs than Dataverse accepts in a single request: FetchXML, long filters, and
 * their next links. Such a read is sent alone in a `$batch`; its response looks as if the read had been sent directly.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
 */
export function batchLongReads(sender: BatchConnection): Pipeline {
  return async (request) => {
    if (request.method !== 'GET' || fitsInUrl(request.url)) return await sender.pipeline(request);
    if (request.url.length > maxUrlLength.inBatch) throw urlTooLongError(request);
    return await readInBatch(sender, request);
  };
}

/**
 * Whether a URL is short enough for a request of its own. The sender percent-encodes quotes too, so it may be longer on
 * the wire than the text.
 */
export function fitsInUrl(url: string): boolean {
  return url.length * 3 <= maxUrlLength.single || new URL(url).href.length <= maxUrlLength.single;
}

async function readInBatch(sender: BatchConnection, request: ApiRequest): Promise<ApiResponse> {
  const { operation, method, url, safety, signal } = request;
  const headers = { accept: 'application/json', 'if-none-match': 'null', ...request.headers };
  const items = [{ part: { method, url, headers } }];
  const { parsePartBody, sendBatchRequest } = await import('./send-batch-request.ts');
  const { parts, attempts, ambiguous } = await sendBatchRequest(sender, { operation, items, safety, signal });
  const [part] = parts;
  if (part === undefined || !('part' in part)) {
    throw new ConnectorError('RESPONSE_INVALID', 'The batch has no response to its read.', { operation });
  }
  const { status } = part.part;
  const response = {
    status,
    headers: part.part.headers,
    body: parsePartBody(part.part.body),
    attempts,
    ambiguous,
  };
  if (status < 300 || status === 304) return response;
  const { toPartError } = await import('../http/to-part-error.ts');
  return { ...response, error: toPartError({ ...request, headers }, response, sender.definition.errors) };
}

function urlTooLongError({ url, operation }: ApiRequest): ConnectorError {
  const message = `The percent-encoded URL has ${url.length} characters; Dataverse accepts up to ${maxUrlLength.inBatch}.`;
  const advice = 'Split the query into several requests.';
  return new ConnectorError('QUERY_INVALID', message, { operation, advice });
}
