import type { HttpSender } from '../../model/http.ts';
import type { RecordedExchange } from './record-test.ts';

/**
 * A sender that keeps what it sends to the Web API and receives from it, for `recordTest`. Requests of the sign-in are not
 * kept.
 *
 * @param send sends the requests
 */
export function createRecordingSender(send: HttpSender): {
  readonly send: HttpSender;
  readonly exchanges: readonly RecordedExchange[];
} {
  const exchanges: RecordedExchange[] = [];
  const record: HttpSender = async (request) => {
    const response = await send(request);
    if (!new URL(request.url).pathname.startsWith('/api/data/')) return response;
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body) chunks.push(chunk);
    const { method, url } = request;
    const { status, headers } = response;
    exchanges.push({ request: { method, url }, response: { status, headers, body: decode(chunks) } });
    return { ...response, body: toStream(chunks) };
  };
  return { send: record, exchanges };
}

function decode(chunks: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('') + decoder.decode();
}

async function* toStream(chunks: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  yield* chunks;
}
