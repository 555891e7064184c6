import type { Json, JsonObject } from '../model/json.ts';
import { isJsonObject } from '../model/json.ts';
import type { Cursor } from './cursor.ts';

/** Serializes a cursor as JSON, versions as digits. */
export function serializeCursor({
  readFromMs,
  newSinceMs,
  version,
  watermark,
  windowRead,
}: Cursor): JsonObject {
  const json: Record<string, Json> = { readFromMs, newSinceMs };
  if (version !== undefined) json.version = String(version);
  if (watermark !== undefined) json.watermark = { ...watermark, version: String(watermark.version) };
  if (windowRead !== undefined) json.windowRead = { ...windowRead, at: String(windowRead.at) };
  return json;
}

/** Parses a cursor that `serializeCursor` wrote; undefined for anything else. */
export function parseCursor(json: Json | undefined): Cursor | undefined {
  if (!isJsonObject(json) || !isTime(json.readFromMs) || !isTime(json.newSinceMs)) return undefined;
  const { readFromMs, newSinceMs } = json;
  const version = parseDigits(json.version);
  const watermark = parsePart(json.watermark, 'version', 'atMs');
  const windowRead = parsePart(json.windowRead, 'at', 'startedMs');
  if (version === invalid || watermark === invalid || windowRead === invalid) return undefined;
  return {
    readFromMs,
    newSinceMs,
    version,
    watermark: watermark && { version: watermark.digits, atMs: watermark.ms },
    windowRead: windowRead && { startedMs: windowRead.ms, at: windowRead.digits },
  };
}

const invalid = Symbol('invalid');

function parsePart(json: Json | undefined, digitsName: string, timeName: string) {
  if (json === undefined) return undefined;
  if (!isJsonObject(json)) return invalid;
  const digits = parseDigits(json[digitsName]);
  const ms = json[timeName];
  return typeof digits === 'bigint' && isTime(ms) ? { digits, ms } : invalid;
}

function parseDigits(json: Json | undefined): bigint | undefined | typeof invalid {
  if (json === undefined) return undefined;
  return isDigits(json) ? BigInt(json) : invalid;
}

/** Whether this is the text of a row version. */
export function isDigits(json: Json | undefined): json is string {
  return typeof json === 'string' && /^\d{1,19}$/.test(json);
}

const maxTimeMs = 8.64e15;

/** Whether this is a time in milliseconds that a Date can have. */
export function isTime(json: Json | undefined): json is number {
  return typeof json === 'number' && json >= 0 && json <= maxTimeMs;
}
