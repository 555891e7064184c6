import { ConnectorError } from '../errors/connector-error.ts';

/** Bytes per request. Dataverse accepts 4 MiB of base64 text, which is 3 MiB of content. */
export const blockBytes = 3 * 1024 * 1024;

/** Splits a stream into blocks of `size` bytes; the last may be shorter. Holds only one block in memory. */
export async function* splitBlocks(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  size: number = blockBytes,
): AsyncGenerator<Uint8Array> {
  let block = new Uint8Array(size);
  let filled = 0;
  for await (const chunk of checkChunks(chunks)) {
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

/** Refuses what are no bytes, before anything reads or awaits them: a proxy can throw, a promise can wait for ever. */
async function* checkChunks(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (isAsync(chunks)) for await (const chunk of chunks) yield assertBytes(chunk);
  else for (const chunk of chunks) yield assertBytes(chunk);
}

function isAsync(chunks: object): chunks is AsyncIterable<Uint8Array> {
  return (chunks as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator] !== undefined;
}

function assertBytes(chunk: unknown): Uint8Array {
  // A proxy is no view.
  if (ArrayBuffer.isView(chunk) && chunk instanceof Uint8Array) return chunk;
  throw notBytesError();
}

/** Iterating a Uint8Array or a text gives single numbers or letters, and the file would be empty. */
function notBytesError(): ConnectorError {
  const advice = 'Pass an iterable of Uint8Array: a file stream, or a list with one Uint8Array.';
  return new ConnectorError('INPUT_INVALID', 'The "content" of a file must be an iterable of Uint8Array.', {
    advice,
  });
}

/** Base64 with padding (RFC 4648, section 4), as Dataverse writes bytes in JSON. */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8192) {
    binary += Reflect.apply(String.fromCharCode, undefined, bytes.subarray(at, at + 8192));
  }
  return btoa(binary);
}
