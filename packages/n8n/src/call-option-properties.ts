import type { ActionDefinition, ConnectorDefinition } from 'dynamics365-connector';
import {
  applicableCallOptions,
  type CallOptionName,
  type CallOptions,
  callOptionSchemas,
  parseCallOptions,
} from 'dynamics365-connector/host';
import { classifySchema, type FieldKind } from './classify-field.ts';
import { buildCollection, withDisplayConditions } from './field-properties.ts';
import { buildFieldProperty } from './field-property.ts';
import type { NodeProperty } from './n8n-types.ts';
import { readFieldValue } from './read-field-value.ts';

/** The collections of call options, one for all actions that support the same options, to keep the form small. */
export function buildCallOptionProperties(
  definition: ConnectorDefinition,
  actions: readonly ActionDefinition[],
): readonly NodeProperty[] {
  const groups = Map.groupBy(actions, (action) => applicableCallOptions(action).join());
  return [...groups.values()].flatMap((group) => {
    const [names = []] = group.map(applicableCallOptions);
    const fields = names.map((name) =>
      buildFieldProperty(definition, classifyCallOption(name), { name, schema: callOptionSchemas[name] }),
    );
    return withDisplayConditions(
      { operation: group.map(({ id }) => id) },
      buildCollection('options', 'Call Options', fields),
    );
  });
}

/** Reads the call options that the author added. INPUT_INVALID for unknown options and invalid values. */
export function readCallOptionValues(added: unknown, timeZone: string): CallOptions {
  const read = Object.entries((added ?? {}) as object).map(([name, value]) =>
    Object.hasOwn(callOptionSchemas, name)
      ? [name, readFieldValue(classifyCallOption(name as CallOptionName), { name, value, timeZone })]
      : [name, value],
  );
  return parseCallOptions(Object.fromEntries(read));
}

function classifyCallOption(name: CallOptionName): FieldKind {
  return name === 'asUser' ? { kind: 'user' } : classifySchema(callOptionSchemas[name]);
}
