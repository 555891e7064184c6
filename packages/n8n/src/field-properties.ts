import type { ConnectorDefinition } from 'dynamics365-connector';
import { classifyField, inputSchemaOf, type OperationDefinition } from './classify-field.ts';
import { buildFieldProperty } from './field-property.ts';
import type { NodeProperty } from './n8n-types.ts';

/** The fields of one operation: those it needs one by one, the others to be added. */
export function buildFieldProperties(
  definition: ConnectorDefinition,
  operation: OperationDefinition,
  skipped: readonly string[] = [],
): { readonly needed: readonly NodeProperty[]; readonly others: readonly NodeProperty[] } {
  const { properties, required } = inputSchemaOf(operation);
  const isNeeded = (name: string) => required.includes(name);
  const fields = Object.entries(properties)
    .filter(([name]) => !skipped.includes(name))
    .map(([name, schema]) =>
      buildFieldProperty(definition, classifyField(definition, operation, name), { name, schema }),
    );
  return {
    needed: fields.filter(({ name }) => isNeeded(name)).map((one) => ({ ...one, required: true })),
    others: fields.filter(({ name }) => !isNeeded(name)),
  };
}

/** A collection that fields are added from. */
export function buildCollection(
  name: string,
  displayName: string,
  options: readonly NodeProperty[],
): NodeProperty[] {
  if (options.length === 0) return [];
  const placeholder = name === 'options' ? 'Add option' : 'Add field';
  return [{ displayName, name, type: 'collection', placeholder, default: {}, options }];
}

/** The fields as they are shown while a parameter of the node has a value. */
export function withDisplayConditions(
  show: Readonly<Record<string, readonly unknown[]>>,
  fields: readonly NodeProperty[],
): readonly NodeProperty[] {
  return fields.map((one) => ({
    ...one,
    displayOptions: { show: { ...show, ...one.displayOptions?.show } },
  }));
}
