import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';

/** The parts of an error response. */
export interface ODataError {
  /** `0x80040217`; "" if there is none, which is frequent. */
  readonly code: string;
  /** The message of the server; "" if there is none. */
  readonly message: string;
  /** Members that begin with "@", for example `@Microsoft.PowerApps.CDS.ErrorDetails…`; only with `odata.include-annotations="*"`. */
  readonly annotations: JsonObject;
}

/** A longer text is a page or a stack trace, not a message. */
const maxMessageLength = 2000;

/**
 * Reads the body of a 4xx or 5xx response: parsed JSON or text of any form (of Dataverse, of a gateway, an HTML page).
 * Never throws.
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

/** A hexadecimal code; some services give it as a signed decimal number, which is converted. */
function readCode(code: Json | undefined): string {
  const text = typeof code === 'number' || typeof code === 'string' ? String(code).trim() : '';
  if (/^0x[0-9a-f]+$/i.test(text)) return text.toLowerCase();
  return /^-\d{9,10}$/.test(text) ? `0x${(Number(text) >>> 0).toString(16)}` : text.slice(0, 100);
}

function readMessage(error: JsonObject, body: JsonObject): string {
  const inner = isJsonObject(error.innererror) ? error.innererror.message : undefined;
  const candidates = [error.message, error.Message, inner, body.error_description, body.error, body.title];
  for (const candidate of candidates) {
    if (typeof candidate === 'string' && candidate.trim() !== '') return candidate.trim();
    // OData 3: { lang, value }.
    if (isJsonObject(candidate) && typeof candidate.value === 'string') return candidate.value.trim();
  }
  return '';
}

function readAnnotations(error: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(error).filter(([name]) => name.startsWith('@')));
}

/** The text itself, or the title of an HTML page. */
function readText(text: string): string {
  const start = text.slice(0, 20_000);
  if (!/^\s*</.test(start)) return start.trim().slice(0, maxMessageLength);
  const title = /<title[^<>]*>([^<]*)/i.exec(start)?.[1] ?? '';
  return title.replace(/\s+/g, ' ').trim().slice(0, maxMessageLength);
}
