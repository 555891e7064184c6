import { ConnectorError } from '../errors/connector-error.ts';
import { guidSource } from '../model/guid.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { isJsonObject } from '../model/json.ts';
import type { Checkpoint } from '../model/plan.ts';
import { deterministicId } from '../run/deterministic-id.ts';
import type { Cursor } from './cursor.ts';
import { parseCursor, serializeCursor } from './cursor-json.ts';

/** The content of a valid checkpoint. */
export interface CheckpointContent {
  /** The id of one activation of a trigger; the keys of its stored states start with it. */
  readonly activationId: string;
  /** The name of the stored state that belongs to this checkpoint. */
  readonly stateName: string;
  readonly cursor: Cursor;
}

const version = 1;
const ACTIVATION_ID = new RegExp(`^${guidSource}$`);
const STATE_NAME = new RegExp(`^\\d{10}-${guidSource}$`);

/** Serializes the cursor of a trigger and the name of the stored state as a checkpoint. */
export function writeCheckpoint(trigger: string, params: JsonObject, content: CheckpointContent): Checkpoint {
  const { activationId, stateName, cursor } = content;
  return {
    v: version,
    trigger,
    params: fingerprint(params),
    instance: activationId,
    memory: stateName,
    place: serializeCursor(cursor),
  };
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
  const cursor = parseCursor(json.place);
  const { instance, memory } = json;
  if (json.v !== version || !cursor || !matches(ACTIVATION_ID, instance) || !matches(STATE_NAME, memory)) {
    throw invalid('the checkpoint is damaged.');
  }
  return { activationId: instance, stateName: memory, cursor };
}

function matches(pattern: RegExp, json: Json | undefined): json is string {
  return typeof json === 'string' && pattern.test(json);
}

/** The same text for the same params, regardless of the order of their keys. */
function fingerprint(params: JsonObject): string {
  return deterministicId(JSON.stringify(sortKeys(params)));
}

function sortKeys(json: Json): Json {
  if (Array.isArray(json)) return json.map(sortKeys);
  if (!isJsonObject(json)) return json;
  const names = Object.keys(json).sort();
  return Object.fromEntries(names.map((name) => [name, sortKeys(json[name]!)]));
}
