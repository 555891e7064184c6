import type { HttpSender } from 'dynamics365-connector';
import type { RecordedExchange } from 'dynamics365-connector/authoring';
import { createSender } from 'dynamics365-connector/node';

/** A sender that keeps what it sends to the Web API and receives from it. Requests of the sign-in are not kept. */
export function createRecordingSender(): {
  readonly send: HttpSender;
  readonly exchanges: readonly RecordedExchange[];
} {
  const sender = createSender();
  const exchanges: RecordedExchange[] = [];
  const send: HttpSender = async (request) => {
    const response = await sender(request);
    if (!new URL(request.url).pathname.startsWith('/api/data/')) return response;
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body) chunks.push(chunk);
    const { method, url } = request;
    const { status, headers } = response;
    const body = Buffer.concat(chunks).toString('utf8');
    exchanges.push({ request: { method, url }, response: { status, headers, body } });
    return { ...response, body: toStream(chunks) };
  };
  return { send, exchanges };
}

async function* toStream(chunks: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  yield* chunks;
}
