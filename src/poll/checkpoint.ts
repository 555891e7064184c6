import { ConnectorError } from '../errors/connector-error.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Checkpoint } from '../model/plan.ts';
import { namedId } from '../run/ids.ts';
import { isObject, readPlace, writePlace } from './place-json.ts';
import type { Place } from './window.ts';

/** What a checkpoint says once it was checked. */
export interface Held {
  /** One activation of a trigger; its memories lie under this name. */
  readonly instance: string;
  /** The memory that belongs to this checkpoint. */
  readonly memory: string;
  readonly place: Place;
}

const VERSION = 1;
const INSTANCE = /^[0-9a-f-]{36}$/;
const MEMORY = /^\d{10}-[0-9a-f-]{36}$/;

/** The checkpoint of a trigger and params: the place, and the name of the memory that goes with it. */
export function writeCheckpoint(trigger: string, params: JsonObject, held: Held): Checkpoint {
  const { instance, memory, place } = held;
  return { v: VERSION, trigger, params: fingerprint(params), instance, memory, place: writePlace(place) };
}

/** Checks a checkpoint that a host hands back; CHECKPOINT_INVALID unless it is ours, and of this trigger. */
export function readCheckpoint(trigger: string, params: JsonObject, json: unknown): Held {
  const fault = (message: string) =>
    new ConnectorError('CHECKPOINT_INVALID', `${trigger}: ${message}`, { operation: trigger });
  if (!isObject(json) || typeof json.v !== 'number') throw fault('this is not a checkpoint of ours.');
  if (json.v > VERSION) throw fault('the checkpoint was written by a newer version of the connector.');
  if (json.trigger !== trigger) throw fault('the checkpoint belongs to another trigger.');
  if (json.params !== fingerprint(params)) throw fault('the checkpoint belongs to other params.');
  const place = readPlace(json.place);
  const { instance, memory } = json;
  if (json.v !== VERSION || !place || !matches(INSTANCE, instance) || !matches(MEMORY, memory)) {
    throw fault('the checkpoint is damaged.');
  }
  return { instance, memory, place };
}

function matches(pattern: RegExp, json: Json | undefined): json is string {
  return typeof json === 'string' && pattern.test(json);
}

/** The same for the same params, in whatever order they were written. */
function fingerprint(params: JsonObject): string {
  return namedId(JSON.stringify(inOrder(params)));
}

function inOrder(json: Json): Json {
  if (Array.isArray(json)) return json.map(inOrder);
  if (!isObject(json)) return json;
  const names = Object.keys(json).sort();
  return Object.fromEntries(names.map((name) => [name, inOrder(json[name]!)]));
}
