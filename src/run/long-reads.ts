import { ConnectorError } from '../errors/connector-error.ts';
import type { Answer, Call, Exchange } from '../http/call.ts';
import { explainPart } from '../http/explain-part.ts';
import { maxUrlLength } from '../odata/url.ts';
import { type BatchSender, jsonOf, sendBatch } from './exchange-batch.ts';

/**
 * An exchange whose reads may have longer URLs than a request by itself: FetchXML, long filters, and the next links
 * of both. Such a read travels alone in a `$batch`, and its answer comes back as if it had been sent by itself.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
 */
export function carryLongReads(sender: BatchSender): Exchange {
  return async (call) => {
    if (call.method !== 'GET' || fitsAlone(call.url)) return await sender.exchange(call);
    if (call.url.length > maxUrlLength.inBatch) throw tooLong(call);
    return await readInBatch(sender, call);
  };
}

/** On its way a URL may grow: quotes are percent-encoded, too. */
function fitsAlone(url: string): boolean {
  return url.length * 3 <= maxUrlLength.alone || new URL(url).href.length <= maxUrlLength.alone;
}

async function readInBatch(sender: BatchSender, call: Call): Promise<Answer> {
  const { operation, method, url, safety, signal } = call;
  const headers = { accept: 'application/json', 'if-none-match': 'null', ...call.headers };
  const items = [{ part: { method, url, headers } }];
  const { parts, attempts, ambiguous } = await sendBatch(sender, { operation, items, safety, signal });
  const [part] = parts;
  if (part === undefined || !('part' in part)) {
    throw new ConnectorError('RESPONSE_INVALID', 'A read in a batch was not answered.', { operation });
  }
  const { status } = part.part;
  const answer = { status, headers: part.part.headers, body: jsonOf(part.part.body), attempts, ambiguous };
  if (status < 300 || status === 304) return answer;
  return { ...answer, error: explainPart({ ...call, headers }, answer, sender.definition.errors) };
}

function tooLong({ url, operation }: Call): ConnectorError {
  const message = `The request is ${url.length} characters long, percent-encoded; Dataverse takes ${maxUrlLength.inBatch}.`;
  const advice = 'Ask in several requests.';
  return new ConnectorError('QUERY_INVALID', message, { operation, advice });
}
