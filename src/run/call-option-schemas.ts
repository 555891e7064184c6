import { ConnectorError } from '../errors/connector-error.ts';
import { suggest } from '../errors/suggest.ts';
import type { ActionDefinition } from '../model/definition.ts';
import type { JsonSchema } from '../model/json.ts';
import type { CallOptions } from './call-options.ts';

export type CallOptionName = keyof CallOptions;

/** The options of a call as authors of workflows meet them; what text may stand in them is the engine's to check. */
export const callOptionSchemas: Readonly<Record<CallOptionName, JsonSchema & { readonly type: string }>> = {
  asUser: {
    title: 'Act as User',
    description:
      'The user in whose name the call is made, by the Entra object ID. The connection needs the privilege to act on behalf of others.',
    type: 'string',
  },
  ifVersion: {
    title: 'Only if Version Is',
    description:
      'The version of the row as it was read. A row that changed since then is left alone: CONFLICT.',
    type: 'string',
  },
  detectDuplicates: {
    title: 'Detect Duplicates',
    description: 'Whether the duplicate rules of the organization may refuse the write',
    type: 'boolean',
  },
  bypassPlugins: {
    title: 'Bypass Plug-Ins',
    description: 'Whether to pass over synchronous custom plug-ins, which takes a privilege',
    type: 'boolean',
  },
  bypassLogic: {
    title: 'Bypass Custom Logic',
    description:
      'Custom logic to pass over, which takes a privilege: what runs with the write (sync), after it (async), or both',
    type: 'array',
    items: { type: 'string', enum: ['sync', 'async'] },
  },
  bypassFlows: {
    title: 'Bypass Flows',
    description: 'Whether to keep Power Automate flows from starting',
    type: 'boolean',
  },
};

/** The options that an action can use, as far as that is known before it runs. */
export function applicableCallOptions(action: ActionDefinition): readonly CallOptionName[] {
  if (action.effects.readOnly) return ['asUser'];
  const unusable: readonly CallOptionName[] = [
    ...(targetsOneRow(action) ? [] : (['ifVersion'] as const)),
    ...(writesColumns(action) ? [] : (['detectDuplicates'] as const)),
  ];
  return (Object.keys(callOptionSchemas) as CallOptionName[]).filter((name) => !unusable.includes(name));
}

/** Does it change or delete one row that is there? */
function targetsOneRow({ handler, request }: ActionDefinition): boolean {
  if (handler !== undefined) return handler === 'recordUpdate' || handler === 'recordDelete';
  const { method, safety, match, path } = request;
  const isLink = String(path.parts.at(-1)).endsWith('$ref');
  return method === 'DELETE' ? !isLink : method === 'PATCH' && safety !== 'create' && match === undefined;
}

/** What code does is known to the code alone, but for that which deletes. */
function writesColumns({ handler, request }: ActionDefinition): boolean {
  return handler === undefined ? request.body?.kind === 'row' : handler !== 'recordDelete';
}

/**
 * What an author, or an expression, gave as options. A name that is none and a value that came to nothing are refused
 * (INPUT_INVALID): who asks to act as another must not find it done in his own name.
 */
export function parseCallOptions(options: unknown = {}): CallOptions {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new ConnectorError('INPUT_INVALID', 'The options of a call must be an object.');
  }
  for (const [name, value] of Object.entries(options)) {
    const schema = Object.hasOwn(callOptionSchemas, name)
      ? callOptionSchemas[name as CallOptionName]
      : undefined;
    if (schema === undefined) throw unknownCallOption(name);
    if (jsonTypeOf(value) === schema.type) continue;
    const message = `The option "${name}" must be of type ${schema.type}.`;
    throw new ConnectorError('INPUT_INVALID', message, {
      advice: `Give another value or leave "${name}" out.`,
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
  const advice = nearest === undefined ? `There are ${known.join(', ')}.` : `Did you mean "${nearest}"?`;
  return new ConnectorError('INPUT_INVALID', `A call has no option "${name.slice(0, 50)}".`, { advice });
}
