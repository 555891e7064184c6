import { ConnectorError } from '../../errors/connector-error.ts';
import type { HttpResponse, HttpSender } from '../../model/http.ts';
import { joinBytes } from '../../model/join-bytes.ts';
import { maxTextBytes } from '../../model/max-text-bytes.ts';
import { parseLargeJson } from '../../odata/parse-large-json.ts';
import type { BodyReceiver } from '../api-request.ts';
import type { RawResponse, SendRequest } from '../pipeline-request.ts';
import { toTransportError } from '../transport-error.ts';

/**
 * The end of the pipeline: passes the request to the sender and reads the complete response, so that a connection that
 * breaks inside the body counts as a failed attempt. The receiver of a request gets the body of a successful JSON response
 * while it arrives, and the text is empty. Throws RESPONSE_TOO_LARGE above `maxBytes` (after decompression).
 */
export function sendAndRead(send: HttpSender, maxBytes: number): SendRequest {
  return async ({ method, url, headers, body, signal, state, receiver }) => {
    state.attempts += 1;
    try {
      const response = await send({ method, url, headers, body, signal });
      if (receiver !== undefined && isJsonSuccess(response))
        return await forward(response, maxBytes, receiver);
      const arrived = response.body.takeArrived?.();
      const parts: Uint8Array[] = [];
      let length = 0;
      const add = (part: Uint8Array) => {
        length = addLength(length, part, maxBytes);
        parts.push(part);
      };
      if (arrived === undefined) for await (const part of response.body) add(part);
      else arrived.forEach(add);
      return length > maxTextBytes
        ? await readLong(response, parts)
        : { status: response.status, headers: response.headers, text: decode(parts) };
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw error instanceof ConnectorError ? error : toTransportError(new URL(url).host, error);
    }
  };
}

async function readLong(response: HttpResponse, parts: readonly Uint8Array[]): Promise<RawResponse> {
  const { status, headers } = response;
  const parsed = isJsonSuccess(response) ? parseLargeJson(parts) : undefined;
  if (parsed !== undefined) return { status, headers, text: '', parsed };
  if (!isMultipart(response)) return { status, headers, text: decode(parts) };
  const { LongText } = await import('../../model/long-text.ts');
  return { status, headers, text: '', multipart: LongText.decode(parts) };
}

function isMultipart({ headers }: HttpResponse): boolean {
  return /^multipart\/mixed\b/i.test(headers['content-type'] ?? '');
}

function isJsonSuccess({ status, headers }: HttpResponse): boolean {
  return status >= 200 && status < 300 && /\bjson\b/i.test(headers['content-type'] ?? '');
}

const decoder = new TextDecoder();

/** Decoded at once, because part by part takes half as long again for a page of 4 MB. */
function decode(parts: readonly Uint8Array[]): string {
  return decoder.decode(joinBytes(parts));
}

async function forward(
  { status, headers, body }: HttpResponse,
  maxBytes: number,
  receiver: BodyReceiver,
): Promise<RawResponse> {
  receiver.start();
  let length = 0;
  for await (const part of body) {
    length = addLength(length, part, maxBytes);
    receiver.push(part);
  }
  return { status, headers, text: '' };
}

function addLength(length: number, part: Uint8Array, maxBytes: number): number {
  const sum = length + part.byteLength;
  if (sum > maxBytes) throw tooLargeError(maxBytes);
  return sum;
}

function tooLargeError(maxBytes: number): ConnectorError {
  return new ConnectorError('RESPONSE_TOO_LARGE', `The response is larger than ${maxBytes} bytes.`);
}
