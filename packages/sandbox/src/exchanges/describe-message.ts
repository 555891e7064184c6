import type { ExchangeMessage } from './recorded-exchange.ts';

/** Bounds of an exchange in memory. */
const maxBodyBytes = 4096;
const maxPathLength = 4096;
/** Of all headers of a message together. */
const maxHeadersLength = 4096;

const secretHeaders = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie']);
const textTypes = /\b(json|xml|text|multipart|urlencoded)\b/i;
/** Columns and parameters with a secret. The cut can lie inside of its value. */
const secretMembers =
  /("(?:authvalue|secureconfig|\w*password|\w*secret|\w*token)"\s*:\s*)"(?:[^"\\]|\\.)*(?:"|\\?$)/gi;

export type HeaderValues = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** What an exchange keeps of a request or a response. */
export function describeMessage(
  headers: HeaderValues,
  body: string | Uint8Array | undefined,
): ExchangeMessage {
  const bytes = typeof body === 'string' ? Buffer.from(body) : (body ?? new Uint8Array());
  const isText = bytes.length > 0 && textTypes.test(String(headers['content-type'] ?? ''));
  return { headers: describeHeaders(headers), bytes: bytes.length, body: isText ? toText(bytes) : undefined };
}

/** The beginning of a path. */
export const describePath = (path: string): string => shorten(path, maxPathLength);

function describeHeaders(headers: HeaderValues): Record<string, string> {
  const described: Record<string, string> = {};
  let left = maxHeadersLength;
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name.length >= left) continue;
    const text = Array.isArray(value) ? value.join(', ') : String(value);
    described[name] = shorten(secretHeaders.has(name) ? redact(text) : text, left - name.length);
    left -= name.length + described[name].length;
  }
  return described;
}

/** `Bearer [redacted]`: the scheme shows what a client sent; the rest can be a token. */
const redact = (value: string): string =>
  /^(Bearer|Basic) /i.exec(value)?.[0].concat('[redacted]') ?? '[redacted]';

/** The beginning of a body. A character that the cut divides is left out. */
function toText(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(0, maxBodyBytes), { stream: true });
  return text.replace(secretMembers, '$1"[redacted]"');
}

/** A copy, because a part of a string keeps the whole string in memory. */
const shorten = (text: string, maxLength: number): string =>
  text.length <= maxLength ? text : Buffer.from(text.slice(0, maxLength)).toString();
