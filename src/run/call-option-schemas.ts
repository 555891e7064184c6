import { ConnectorError } from '../errors/connector-error.ts';
import { suggest } from '../errors/suggest.ts';
import type { ActionDefinition } from '../model/definition.ts';
import type { JsonSchema } from '../model/json.ts';
import { ownValue } from '../model/own-value.ts';
import type { CallOptions } from './call-options.ts';

export type CallOptionName = keyof CallOptions;

/** Title, description and type of each call option, for forms and tools. `optionHeaders` checks the text formats. */
export const callOptionSchemas: Readonly<Record<CallOptionName, JsonSchema & { readonly type: string }>> = {
  asUser: {
    title: 'Act as User',
    description:
      'The user to act as, by Microsoft Entra object ID. The connection needs the privilege to act on behalf of other users.',
    type: 'string',
  },
  ifVersion: {
    title: 'Only if Version Is',
    description:
      'The version of the row as it was read. If the row has changed since then, the call fails with CONFLICT.',
    type: 'string',
  },
  detectDuplicates: {
    title: 'Detect Duplicates',
    description: 'Whether the duplicate detection rules of the organization may reject the write',
    type: 'boolean',
  },
  bypassPlugins: {
    title: 'Bypass Plug-Ins',
    description: 'Whether to skip synchronous custom plug-ins. This requires a privilege.',
    type: 'boolean',
  },
  bypassLogic: {
    title: 'Bypass Custom Logic',
    description:
      'Custom logic to skip: what runs with the write (sync), after it (async), or both. This requires a privilege.',
    type: 'array',
    items: { type: 'string', enum: ['sync', 'async'] },
  },
  bypassFlows: {
    title: 'Bypass Flows',
    description: 'Whether to prevent Power Automate flows from starting',
    type: 'boolean',
  },
};

/** The call options that apply to an action, as far as its definition tells. */
export function applicableCallOptions(action: ActionDefinition): readonly CallOptionName[] {
  if (action.effects.readOnly) return ['asUser'];
  const unusable: readonly CallOptionName[] = [
    ...(targetsOneRow(action) ? [] : (['ifVersion'] as const)),
    ...(writesColumns(action) ? [] : (['detectDuplicates'] as const)),
  ];
  return (Object.keys(callOptionSchemas) as CallOptionName[]).filter((name) => !unusable.includes(name));
}

/** Whether the action changes or deletes exactly one existing row. */
function targetsOneRow({ handler, request }: ActionDefinition): boolean {
  if (handler !== undefined) return handler === 'recordUpdate' || handler === 'recordDelete';
  const { method, safety, match, path } = request;
  const isLink = String(path.parts.at(-1)).endsWith('$ref');
  return method === 'DELETE' ? !isLink : method === 'PATCH' && safety !== 'create' && match === undefined;
}

/** The definition of a handler action does not say what the handler writes; only `recordDelete` writes no columns. */
function writesColumns({ handler, request }: ActionDefinition): boolean {
  return handler === undefined ? request.body?.kind === 'row' : handler !== 'recordDelete';
}

/**
 * Checks call options that come from a form or an expression. INPUT_INVALID for an unknown name and for a value of the
 * wrong type, also for an empty one: a call that should act as another user must not run as the connection's own user.
 */
export function parseCallOptions(options: unknown = {}): CallOptions {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new ConnectorError('INPUT_INVALID', 'The call options must be an object.');
  }
  for (const [name, value] of Object.entries(options)) {
    const schema = ownValue<JsonSchema & { readonly type: string }>(callOptionSchemas, name);
    if (schema === undefined) throw unknownCallOption(name);
    if (jsonTypeOf(value) === schema.type) continue;
    const message = `Option "${name}" must be of type ${schema.type}.`;
    throw new ConnectorError('INPUT_INVALID', message, {
      advice: `Set "${name}" to a value of type ${schema.type}, or remove it.`,
    });
  }
  return options;
}

function jsonTypeOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}

function unknownCallOption(name: string): ConnectorError {
  const known = Object.keys(callOptionSchemas);
  const [nearest] = suggest(name, known, 1);
  const advice =
    nearest === undefined ? `The call options are ${known.join(', ')}.` : `Did you mean "${nearest}"?`;
  return new ConnectorError('INPUT_INVALID', `There is no call option "${name.slice(0, 50)}".`, { advice });
}
