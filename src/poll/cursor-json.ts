import type { Json, JsonObject } from '../model/json.ts';
import type { Cursor, Deadlines } from './cursor.ts';

/** A place as JSON: versions as digits. */
export function serializeCursor({
  readFromMs,
  newSinceMs,
  version,
  watermark,
  windowRead,
  deadlines,
}: Cursor): JsonObject {
  return {
    floorMs: readFromMs,
    newSinceMs,
    ...(version === undefined ? {} : { version: String(version) }),
    ...(watermark === undefined
      ? {}
      : { mark: { version: String(watermark.version), atMs: watermark.atMs } }),
    ...(windowRead === undefined
      ? {}
      : { sweep: { startedMs: windowRead.startedMs, at: String(windowRead.at) } }),
    ...(deadlines === undefined ? {} : { deadlines: { ...deadlines } }),
  };
}

/** The place that `writePlace` wrote, or undefined for anything else. */
export function parseCursor(json: Json | undefined): Cursor | undefined {
  if (!isJsonRecord(json) || !isTime(json.floorMs) || !isTime(json.newSinceMs)) return undefined;
  const { floorMs, newSinceMs, version, mark, sweep, deadlines } = json;
  if (version !== undefined && !isDigits(version)) return undefined;
  if (mark !== undefined && !(isJsonRecord(mark) && isDigits(mark.version) && isTime(mark.atMs)))
    return undefined;
  if (sweep !== undefined && !(isJsonRecord(sweep) && isDigits(sweep.at) && isTime(sweep.startedMs)))
    return undefined;
  if (deadlines !== undefined && !isDeadlines(deadlines)) return undefined;
  return {
    readFromMs: floorMs,
    newSinceMs,
    ...(version === undefined ? {} : { version: BigInt(version) }),
    ...(mark === undefined
      ? {}
      : { watermark: { version: BigInt(mark.version as string), atMs: mark.atMs as number } }),
    ...(sweep === undefined
      ? {}
      : { windowRead: { startedMs: sweep.startedMs as number, at: BigInt(sweep.at as string) } }),
    ...(deadlines === undefined ? {} : { deadlines }),
  };
}

/** A JSON object, not an array. */
export function isJsonRecord(json: unknown): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function isDeadlines(json: Json): json is Json & Deadlines {
  return isJsonRecord(json) && isTime(json.sinceMs) && isTime(json.throughMs);
}

const maxTimeMs = 8.64e15;

function isTime(json: Json | undefined): json is number {
  return typeof json === 'number' && json >= 0 && json <= maxTimeMs;
}

function isDigits(json: Json | undefined): json is string {
  return typeof json === 'string' && /^\d{1,19}$/.test(json);
}
