import { ConnectorError } from '../errors/connector-error.ts';

/** Bytes in one request: base64 makes four of three, and Dataverse takes 4 MiB of text. */
export const blockBytes = 3 * 1024 * 1024;

/** Cuts a stream into blocks of `size` bytes; the last may be shorter. Holds one block in memory, never the whole. */
export async function* splitBlocks(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  size: number = blockBytes,
): AsyncGenerator<Uint8Array> {
  let block = new Uint8Array(size);
  let filled = 0;
  for await (const chunk of chunks) {
    if (!ArrayBuffer.isView(chunk)) throw notBytesError();
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + size - filled);
      block.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < size) continue;
      yield block;
      block = new Uint8Array(size);
      filled = 0;
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}

/** A whole Uint8Array or a text gives single numbers or letters, which would make an empty file. */
function notBytesError(): ConnectorError {
  const advice = 'Give an iterable of Uint8Array: a file stream, or a list of one.';
  return new ConnectorError('INPUT_INVALID', 'The content of a file comes in pieces of bytes.', { advice });
}

/** Base64 with padding (RFC 4648, section 4), as Dataverse writes bytes in JSON. */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8192) {
    binary += Reflect.apply(String.fromCharCode, undefined, bytes.subarray(at, at + 8192));
  }
  return btoa(binary);
}
