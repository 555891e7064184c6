import type { IncomingMessage } from 'node:http';

/** The largest request body that an organization accepts: 128 MB, the limit of a file column. */
export const maxBodyBytes = 128 * 1024 * 1024;

/** Reads the body of a request; undefined when it is larger than `maxBytes`. Throws when the connection breaks. */
export async function readBody(
  request: IncomingMessage,
  maxBytes = maxBodyBytes,
): Promise<Uint8Array | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** Reads an `application/x-www-form-urlencoded` body of at most 64 KB; a larger one counts as empty. */
export async function readFormBody(request: IncomingMessage): Promise<URLSearchParams> {
  const body = await readBody(request, 64 * 1024);
  return new URLSearchParams(body ? Buffer.from(body).toString('utf8') : '');
}
