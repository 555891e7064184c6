import type { Json, JsonObject } from '../model/json.ts';
import { isJsonObject } from '../model/json.ts';
import type { Cursor, Deadlines } from './cursor.ts';

/** Serializes a cursor as JSON, versions as digits. */
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

/** Parses a cursor that `serializeCursor` wrote; undefined for anything else. */
export function parseCursor(json: Json | undefined): Cursor | undefined {
  if (!isJsonObject(json) || !isTime(json.floorMs) || !isTime(json.newSinceMs)) return undefined;
  const { floorMs, newSinceMs, version, mark, sweep, deadlines } = json;
  if (version !== undefined && !isDigits(version)) return undefined;
  if (mark !== undefined && !(isJsonObject(mark) && isDigits(mark.version) && isTime(mark.atMs)))
    return undefined;
  if (sweep !== undefined && !(isJsonObject(sweep) && isDigits(sweep.at) && isTime(sweep.startedMs)))
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

function isDeadlines(json: Json): json is Json & Deadlines {
  return isJsonObject(json) && isTime(json.sinceMs) && isTime(json.throughMs);
}

const maxTimeMs = 8.64e15;

function isTime(json: Json | undefined): json is number {
  return typeof json === 'number' && json >= 0 && json <= maxTimeMs;
}

function isDigits(json: Json | undefined): json is string {
  return typeof json === 'string' && /^\d{1,19}$/.test(json);
}
