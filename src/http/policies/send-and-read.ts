import { ConnectorError } from '../../errors/connector-error.ts';
import type { HttpSender } from '../../model/http.ts';
import type { SendRequest } from '../pipeline-request.ts';
import { toTransportError } from '../transport-error.ts';

/**
 * The end of the pipeline: passes the request to the sender and reads the complete response, so that a connection that
 * breaks inside the body counts as a failed attempt. Throws RESPONSE_TOO_LARGE above `maxBytes` (after decompression).
 */
export function sendAndRead(send: HttpSender, maxBytes: number): SendRequest {
  return async ({ method, url, headers, body, signal, state }) => {
    state.attempts += 1;
    try {
      const response = await send({ method, url, headers, body, signal });
      return {
        status: response.status,
        headers: response.headers,
        text: await readText(response.body, maxBytes),
      };
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw error instanceof ConnectorError ? error : toTransportError(new URL(url).host, error);
    }
  };
}

async function readText(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > maxBytes) throw tooLargeError(maxBytes);
    chunks.push(chunk);
  }
  // Decoded at once, because chunk by chunk takes half as long again for a page of 4 MB.
  return new TextDecoder().decode(chunks.length === 1 ? chunks[0] : concatenate(chunks, length));
}

function concatenate(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}

function tooLargeError(maxBytes: number): ConnectorError {
  return new ConnectorError('RESPONSE_TOO_LARGE', `The response is larger than ${maxBytes} bytes.`);
}
