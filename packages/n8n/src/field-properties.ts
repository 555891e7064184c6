import type { ConnectorDefinition } from 'dynamics365-connector';
import { classifyField, inputSchemaOf, type OperationDefinition } from './classify-field.ts';
import { buildFieldProperty } from './field-property.ts';
import type { NodeProperty } from './n8n-types.ts';

/** The properties for the inputs of an operation, except the skipped ones: required and optional inputs apart. */
export function buildFieldProperties(
  definition: ConnectorDefinition,
  operation: OperationDefinition,
  skipped: readonly string[] = [],
): { readonly required: readonly NodeProperty[]; readonly optional: readonly NodeProperty[] } {
  const { properties, required } = inputSchemaOf(operation);
  const isRequired = ({ name }: NodeProperty) => required.includes(name);
  const fields = Object.entries(properties)
    .filter(([name]) => !skipped.includes(name))
    .map(([name, schema]) =>
      buildFieldProperty(definition, classifyField(definition, operation, name), { name, schema }),
    );
  return {
    required: fields.filter(isRequired).map((field) => ({ ...field, required: true })),
    optional: fields.filter((field) => !isRequired(field)),
  };
}

/** A collection property to which the author adds fields; none if there are no fields. */
export function buildCollection(
  name: string,
  displayName: string,
  options: readonly NodeProperty[],
): NodeProperty[] {
  if (options.length === 0) return [];
  const placeholder = name === 'options' ? 'Add option' : 'Add field';
  return [{ displayName, name, type: 'collection', placeholder, default: {}, options }];
}

/** The fields with a condition: they are shown while the parameters have one of these values. */
export function withDisplayConditions(
  show: Readonly<Record<string, readonly unknown[]>>,
  fields: readonly NodeProperty[],
): readonly NodeProperty[] {
  return fields.map((field) => ({
    ...field,
    displayOptions: { show: { ...show, ...field.displayOptions?.show } },
  }));
}
