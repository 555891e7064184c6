import type { Transform } from 'node:stream';
import type { HttpBody } from '../../model/http.ts';

/** The content encoding that senders ask for. A response with another one that is known is read too. */
export const acceptEncoding = 'gzip';

/**
 * Decompresses a body by its `content-encoding` (RFC 9110, section 8.4). Reading fails for an incomplete body and for an
 * encoding that is not known. A response without a body (204, 304, HEAD) may have the header too.
 */
export function decompress(body: HttpBody, encoding: string | undefined): HttpBody {
  const name = encoding?.trim().toLowerCase() ?? '';
  return name === '' || name === 'identity' ? body : decompressWith(name, body);
}

async function* decompressWith(name: string, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = body[Symbol.asyncIterator]();
  const { value: first, done } = await source.next();
  if (done) return;
  const { pipeline, Readable } = process.getBuiltinModule('node:stream');
  // `pipeline` forwards errors and an early end of reading in both directions. The reader receives the error.
  yield* pipeline(
    Readable.from(joined(first, source), { objectMode: false }),
    createDecoder(name, first),
    () => {},
  );
}

function createDecoder(name: string, [firstByte = 0]: Uint8Array): Transform {
  const zlib = process.getBuiltinModule('node:zlib');
  if (name === 'gzip' || name === 'x-gzip') return zlib.createGunzip();
  if (name === 'br') return zlib.createBrotliDecompress();
  // Some servers send the bare format without the header of zlib, whose first half byte is 8 (RFC 1950).
  if (name === 'deflate') return (firstByte & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw();
  throw Object.assign(new Error('The content encoding of the response is not known.'), {
    code: 'CONTENT_ENCODING',
  });
}

async function* joined(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for (let chunk: IteratorResult<Uint8Array> = { value: first }; !chunk.done; chunk = await rest.next())
      yield chunk.value;
  } finally {
    await rest.return?.();
  }
}
