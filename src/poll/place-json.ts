import type { Json, JsonObject } from '../model/json.ts';
import type { Deadlines, Place } from './window.ts';

/** A place as JSON: versions as digits. */
export function writePlace({ floorMs, newSinceMs, version, mark, sweep, deadlines }: Place): JsonObject {
  return {
    floorMs,
    newSinceMs,
    ...(version === undefined ? {} : { version: String(version) }),
    ...(mark === undefined ? {} : { mark: { version: String(mark.version), atMs: mark.atMs } }),
    ...(sweep === undefined ? {} : { sweep: { startedMs: sweep.startedMs, at: String(sweep.at) } }),
    ...(deadlines === undefined ? {} : { deadlines: { ...deadlines } }),
  };
}

/** The place that `writePlace` wrote, or undefined for anything else. */
export function readPlace(json: Json | undefined): Place | undefined {
  if (!isObject(json) || !isTime(json.floorMs) || !isTime(json.newSinceMs)) return undefined;
  const { floorMs, newSinceMs, version, mark, sweep, deadlines } = json;
  if (version !== undefined && !isDigits(version)) return undefined;
  if (mark !== undefined && !(isObject(mark) && isDigits(mark.version) && isTime(mark.atMs)))
    return undefined;
  if (sweep !== undefined && !(isObject(sweep) && isDigits(sweep.at) && isTime(sweep.startedMs)))
    return undefined;
  if (deadlines !== undefined && !isDeadlines(deadlines)) return undefined;
  return {
    floorMs,
    newSinceMs,
    ...(version === undefined ? {} : { version: BigInt(version) }),
    ...(mark === undefined
      ? {}
      : { mark: { version: BigInt(mark.version as string), atMs: mark.atMs as number } }),
    ...(sweep === undefined
      ? {}
      : { sweep: { startedMs: sweep.startedMs as number, at: BigInt(sweep.at as string) } }),
    ...(deadlines === undefined ? {} : { deadlines }),
  };
}

/** A JSON object, not an array. */
export function isObject(json: unknown): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function isDeadlines(json: Json): json is Json & Deadlines {
  return isObject(json) && isTime(json.sinceMs) && isTime(json.throughMs);
}

const LAST_DAY_MS = 8.64e15;

function isTime(json: Json | undefined): json is number {
  return typeof json === 'number' && json >= 0 && json <= LAST_DAY_MS;
}

function isDigits(json: Json | undefined): json is string {
  return typeof json === 'string' && /^\d{1,19}$/.test(json);
}
