import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';

/** What an error answer says, as far as it says anything. */
export interface ODataError {
  /** `0x80040217`; "" when the service gave none, which is frequent. */
  readonly code: string;
  /** The server's own words; "" when there are none. */
  readonly message: string;
  /** Members with an at sign, present with `odata.include-annotations="*"`: `@Microsoft.PowerApps.CDS.ErrorDetails…`. */
  readonly annotations: JsonObject;
}

/** Words beyond this are a page or a stack trace, not a message. */
const maxMessageLength = 2000;

/**
 * Reads the body of a 4xx or 5xx. Takes parsed JSON or plain text, of any shape (Dataverse's, a gateway's, an
 * HTML page), and never throws.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors
 */
export function parseErrorBody(body: unknown): ODataError {
  if (typeof body === 'string') return { code: '', message: readText(body), annotations: {} };
  if (!isJsonObject(body)) return { code: '', message: '', annotations: {} };
  const error = [body.error, body['odata.error']].find(isJsonObject) ?? body;
  const code = readCode(error.code ?? error.ErrorCode);
  return {
    code,
    message: readMessage(error, body).slice(0, maxMessageLength),
    annotations: readAnnotations(error),
  };
}

/** Hex as it is; the signed number that some layers give instead becomes the same hex. */
function readCode(code: Json | undefined): string {
  const text = typeof code === 'number' || typeof code === 'string' ? String(code).trim() : '';
  if (/^0x[0-9a-f]+$/i.test(text)) return text.toLowerCase();
  return /^-\d{9,10}$/.test(text) ? `0x${(Number(text) >>> 0).toString(16)}` : text.slice(0, 100);
}

function readMessage(error: JsonObject, body: JsonObject): string {
  const inner = isJsonObject(error.innererror ?? null) ? (error.innererror as JsonObject).message : undefined;
  const candidates = [error.message, error.Message, inner, body.error_description, body.error, body.title];
  for (const words of candidates) {
    if (typeof words === 'string' && words.trim() !== '') return words.trim();
    // OData 3: { lang, value }.
    if (isJsonObject(words) && typeof words.value === 'string') return words.value.trim();
  }
  return '';
}

function readAnnotations(error: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(error).filter(([name]) => name.startsWith('@')));
}

/** Plain text as it is; of an HTML page its title. */
function readText(text: string): string {
  const start = text.slice(0, 20_000);
  if (!/^\s*</.test(start)) return start.trim().slice(0, maxMessageLength);
  const title = /<title[^>]*>([^<]*)/i.exec(start)?.[1] ?? '';
  return title.replace(/\s+/g, ' ').trim().slice(0, maxMessageLength);
}
