import { ConnectorError } from '../errors/connector-error.ts';
import { isGuid } from '../model/guid.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { isJsonObject } from '../model/json.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { Checkpoint } from '../model/plan.ts';
import { deterministicId } from '../run/deterministic-id.ts';
import type { Cursor } from './cursor.ts';
import { isDigits, isTime, parseCursor, serializeCursor } from './cursor-json.ts';
import type { DetectedLoop, RecentItems } from './loop-guard.ts';

/** The place of a subscription in its feed. */
export interface CheckpointContent {
  /** The id of one activation of a trigger; the keys of what is stored for it alone contain it. */
  readonly activationId: string;
  readonly feedKey: string;
  /** The `id` of the feed's head. */
  readonly feedId: string;
  readonly epoch: number;
  /** The number of the last entry whose items were returned. */
  readonly offset: number;
  /** When it was activated; deadlines up to then are not reported. */
  readonly activatedMs: number;
  /** Where to read again if the log does not reach back to the offset: everything before it was returned. */
  readonly since: Cursor;
  /** The feed was within a read when the trigger was activated: the entries of that read are not reported. */
  readonly isActivating: boolean;
  readonly catchUp?: CatchUpPosition;
  /** When a filter that can change its result without a change of a row was evaluated last: the head's time. */
  readonly evaluatedMs?: number;
  /** Rows that were reported again within a minute. */
  readonly recentItems?: RecentItems;
  /** Nothing is reported until the trigger is resumed. */
  readonly loop?: DetectedLoop;
}

/** A read of changes that are not in the log. */
export interface CatchUpPosition {
  /** Its window; `windowRead` says where it was interrupted. */
  readonly cursor: Cursor;
  /** Rows with a higher version are in the log; absent if the organization cannot filter on versions. */
  readonly untilVersion?: bigint;
  /** Rows that changed later are in the log. */
  readonly untilMs: number;
  /** For a trigger with `due`: deadlines from this time on are still to be read. */
  readonly dueFromMs?: number;
  /** All changes were read; only deadlines are left. */
  readonly areChangesRead?: boolean;
}

const version = 2;

/** Serializes the place of a subscription as a checkpoint. */
export function writeCheckpoint(
  trigger: string,
  params: JsonObject,
  { since, catchUp, isActivating, evaluatedMs, recentItems = {}, loop, ...place }: CheckpointContent,
): Checkpoint {
  const json: Record<string, Json> = {
    v: version,
    trigger,
    params: fingerprint(params),
    ...place,
    since: serializeCursor(since),
  };
  if (isActivating) json.isActivating = true;
  if (catchUp !== undefined) json.catchUp = serializeCatchUp(catchUp);
  if (evaluatedMs !== undefined) json.evaluatedMs = evaluatedMs;
  if (Object.keys(recentItems).length > 0) json.recentItems = recentItems;
  if (loop !== undefined) json.loop = { ...loop };
  return json;
}

/** Reads a checkpoint that a host passes to a poll. CHECKPOINT_INVALID unless it belongs to this trigger and params. */
export function readCheckpoint(trigger: string, params: JsonObject, json: unknown): CheckpointContent {
  const invalid = (message: string) =>
    new ConnectorError('CHECKPOINT_INVALID', `${trigger}: ${message}`, { operation: trigger });
  if (!isJsonObject(json) || typeof json.v !== 'number')
    throw invalid('this is not a checkpoint of this connector.');
  if (json.v > version) throw invalid('the checkpoint was written by a newer version of the connector.');
  if (json.trigger !== trigger) throw invalid('the checkpoint belongs to another trigger.');
  if (json.params !== fingerprint(params)) throw invalid('the checkpoint belongs to other params.');
  const content = json.v === version ? parseContent(json) : undefined;
  if (content === undefined) throw invalid('the checkpoint is damaged.');
  return content;
}

/** The epoch of a checkpoint: a feed that was lost continues with it. 0 without a checkpoint. */
export function epochOf(checkpoint: Checkpoint | undefined): number {
  return isCount(checkpoint?.epoch) ? checkpoint.epoch : 0;
}

function parseContent(json: JsonObject): CheckpointContent | undefined {
  const { activationId, feedKey, feedId, epoch, offset, activatedMs } = json;
  const since = parseCursor(json.since);
  const catchUp = json.catchUp === undefined ? undefined : parseCatchUp(json.catchUp);
  if (!isId(activationId) || !isId(feedId) || !isFeedKey(feedKey) || !isTime(activatedMs)) return undefined;
  if (!isCount(epoch) || !isCount(offset) || since === undefined) return undefined;
  if (json.catchUp !== undefined && catchUp === undefined) return undefined;
  if (json.isActivating !== undefined && json.isActivating !== true) return undefined;
  const isActivating = json.isActivating === true;
  const { evaluatedMs, recentItems, loop } = json;
  if (evaluatedMs !== undefined && !isTime(evaluatedMs)) return undefined;
  if (recentItems !== undefined && !isRecentItems(recentItems)) return undefined;
  if (loop !== undefined && !isLoop(loop)) return undefined;
  const place = { activationId, feedKey, feedId, epoch, offset, activatedMs, since, isActivating, catchUp };
  return omitUndefined({ ...place, evaluatedMs, recentItems, loop });
}

function serializeCatchUp(position: CatchUpPosition): JsonObject {
  const { cursor, untilVersion, untilMs, dueFromMs, areChangesRead } = position;
  const json: Record<string, Json> = { cursor: serializeCursor(cursor), untilMs };
  if (untilVersion !== undefined) json.untilVersion = String(untilVersion);
  if (dueFromMs !== undefined) json.dueFromMs = dueFromMs;
  if (areChangesRead === true) json.areChangesRead = true;
  return json;
}

function parseCatchUp(json: Json): CatchUpPosition | undefined {
  if (!isJsonObject(json)) return undefined;
  const { untilVersion, untilMs, dueFromMs } = json;
  const cursor = parseCursor(json.cursor);
  if (cursor === undefined || !isTime(untilMs)) return undefined;
  if (untilVersion !== undefined && !isDigits(untilVersion)) return undefined;
  if (dueFromMs !== undefined && !isTime(dueFromMs)) return undefined;
  const areChangesRead = json.areChangesRead === true;
  return {
    cursor,
    untilVersion: untilVersion === undefined ? undefined : BigInt(untilVersion),
    untilMs,
    dueFromMs,
    areChangesRead,
  };
}

function isRecentItems(json: Json): json is JsonObject & RecentItems {
  const isItem = (item: Json) =>
    Array.isArray(item) && item.length === 2 && isTime(item[0]) && isCount(item[1]);
  return isJsonObject(json) && Object.entries(json).every(([id, item]) => isGuid(id) && isItem(item));
}

function isLoop(json: Json): json is JsonObject & DetectedLoop {
  return isJsonObject(json) && isId(json.rowId) && isCount(json.items);
}

function isCount(json: Json | undefined): json is number {
  return Number.isSafeInteger(json) && Number(json) >= 0;
}

function isId(json: Json | undefined): json is string {
  return typeof json === 'string' && isGuid(json);
}

function isFeedKey(json: Json | undefined): json is string {
  if (typeof json !== 'string') return false;
  const [folder, id, rest, ...more] = json.split('/');
  return folder === 'feed' && isId(id) && rest === '' && more.length === 0;
}

/** The same text for the same params, regardless of the order of their keys. */
function fingerprint(params: JsonObject): string {
  return deterministicId(JSON.stringify(sortKeys(params)));
}

function sortKeys(json: Json): Json {
  if (Array.isArray(json)) return json.map(sortKeys);
  if (!isJsonObject(json)) return json;
  return Object.fromEntries(
    Object.entries(json)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [name, sortKeys(value)]),
  );
}
