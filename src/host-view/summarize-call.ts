import type { ActionDefinition, ActionEffects, ConnectorDefinition } from '../model/definition.ts';
import { isJsonArray, isJsonObject, type JsonObject } from '../model/json.ts';
import { ownValue } from '../model/own-value.ts';

/** What one kind of step of a call does. The kinds are in the order in which a person must know about them. */
export type CallEffect = 'deletes' | 'sends' | 'writes' | 'reads';

/** The steps of a call with the same action: "3 × Delete account". */
export interface CallPart {
  /** The id of the action, or the id with what the input says about it: `request.send DELETE /accounts(…)`. */
  readonly action: string;
  readonly title: string;
  readonly effect: CallEffect;
  /** How many rows or steps. */
  readonly count: number;
  /** The inputs of the steps, or the rows. */
  readonly inputs: readonly JsonObject[];
}

const order: readonly CallEffect[] = ['deletes', 'sends', 'writes', 'reads'];

/**
 * What a call does, by action and count: deletions first, then messages, then other writes. A host shows it before it
 * runs the call, so that a deletion among many steps is not overlooked.
 *
 * @example summarizeCall(definition, actions['changeset.run'], input)[0] // { action: 'account.delete', count: 1, ... }
 */
export function summarizeCall(
  definition: Pick<ConnectorDefinition, 'actions'>,
  action: ActionDefinition,
  input: JsonObject,
): readonly CallPart[] {
  const parts = stepsOf(input.steps)?.flatMap((step) => {
    const known = ownValue(definition.actions, String(step.action));
    const stepInput = isJsonObject(step.input) ? step.input : {};
    return known === undefined ? [] : partsOf(known, stepInput);
  });
  const all = action.handler === 'changeSet' && parts !== undefined ? parts : partsOf(action, input);
  const merged = new Map<string, CallPart>();
  for (const part of all) {
    const same = merged.get(part.action);
    merged.set(part.action, same === undefined ? part : joinParts(same, part));
  }
  return [...merged.values()].sort((a, b) => order.indexOf(a.effect) - order.indexOf(b.effect));
}

function joinParts(first: CallPart, second: CallPart): CallPart {
  return {
    ...first,
    count: first.count + second.count,
    inputs: [...first.inputs, ...second.inputs],
  };
}

function stepsOf(steps: unknown): readonly JsonObject[] | undefined {
  return Array.isArray(steps) ? steps.filter((step) => isJsonObject(step)) : undefined;
}

function partsOf(action: ActionDefinition, input: JsonObject): readonly CallPart[] {
  const { id, title, effects } = action;
  const rows = rowsOf(input);
  if (effects.bulk && rows !== undefined)
    return [{ action: id, title, effect: effectOf(action, input), count: rows.length, inputs: rows }];
  const method = action.handler === 'rawRequest' ? ` ${String(input.method)} ${String(input.path)}` : '';
  const name = action.handler === 'callOperation' ? ` ${String(input.name)}` : '';
  return [
    { action: `${id}${method}${name}`, title, effect: effectOf(action, input), count: 1, inputs: [input] },
  ];
}

/** The rows of an action that writes many: objects, or ids. */
function rowsOf({ rows, ids }: JsonObject): readonly JsonObject[] | undefined {
  const list = rows ?? ids;
  if (list === undefined || list === null || !isJsonArray(list)) return undefined;
  return list.map((row) => (isJsonObject(row) ? row : { id: row }));
}

function effectOf(action: ActionDefinition, input: JsonObject): CallEffect {
  const { readOnly, destructive, sendsMessage } = effectsOfCall(action, input);
  if (readOnly) return 'reads';
  if (destructive) return 'deletes';
  return sendsMessage === true ? 'sends' : 'writes';
}

const readEffects: ActionEffects = { readOnly: true, destructive: false, idempotent: true, bulk: false };

/**
 * The effects of one call, which can be less than those of its action: a GET request and a function of Dataverse only
 * read. Other calls have the effects of their action.
 */
export function effectsOfCall({ effects, handler }: ActionDefinition, input: JsonObject): ActionEffects {
  if (handler === 'callOperation' && input.kind === 'function') return readEffects;
  if (handler === 'rawRequest' && input.method === 'GET') return readEffects;
  return effects;
}
