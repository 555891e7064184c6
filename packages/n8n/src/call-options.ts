import type { ActionDefinition, Definition } from 'dynamics365-connector';
import {
  type CallOptions,
  callOptions,
  type OptionName,
  readCallOptions,
  usableOptions,
} from 'dynamics365-connector/host';
import { collection, shownWhen } from './describe-fields.ts';
import { field } from './field.ts';
import { type FieldKind, schemaKind } from './field-kind.ts';
import type { Property } from './n8n.ts';
import { readField } from './read-field.ts';

/** Collections of options, each for the actions that can use just these: few, so that the form stays small. */
export function describeOptions(
  definition: Definition,
  actions: readonly ActionDefinition[],
): readonly Property[] {
  const groups = Map.groupBy(actions, (action) => usableOptions(action).join());
  return [...groups.values()].flatMap((group) => {
    const fields = usableOptions(group[0]!).map((name) =>
      field(definition, kindOf(name), { name, schema: callOptions[name] }),
    );
    return shownWhen({ operation: group.map(({ id }) => id) }, collection('options', 'Call Options', fields));
  });
}

/** The options that the author added. */
export function readOptions(added: unknown, timeZone: string): CallOptions {
  const read = Object.entries((added ?? {}) as object).map(([name, value]) =>
    Object.hasOwn(callOptions, name)
      ? [name, readField(kindOf(name as OptionName), { name, value, timeZone })]
      : [name, value],
  );
  return readCallOptions(Object.fromEntries(read));
}

function kindOf(name: OptionName): FieldKind {
  return name === 'asUser' ? { kind: 'person' } : schemaKind(callOptions[name]);
}
