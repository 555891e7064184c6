import type { Definition } from 'dynamics365-connector';
import { field } from './field.ts';
import { fieldKind, inputOf, type Operation } from './field-kind.ts';
import type { Property } from './n8n.ts';

/** The fields of one operation: those it needs one by one, the others to be added. */
export function describeFields(
  definition: Definition,
  operation: Operation,
  skipped: readonly string[] = [],
): { readonly needed: readonly Property[]; readonly others: readonly Property[] } {
  const { properties, required } = inputOf(operation);
  const isNeeded = (name: string) => required.includes(name);
  const fields = Object.entries(properties)
    .filter(([name]) => !skipped.includes(name))
    .map(([name, schema]) => field(definition, fieldKind(definition, operation, name), { name, schema }));
  return {
    needed: fields.filter(({ name }) => isNeeded(name)).map((one) => ({ ...one, required: true })),
    others: fields.filter(({ name }) => !isNeeded(name)),
  };
}

/** A collection that fields are added from. */
export function collection(name: string, displayName: string, options: readonly Property[]): Property[] {
  if (options.length === 0) return [];
  const placeholder = name === 'options' ? 'Add option' : 'Add field';
  return [{ displayName, name, type: 'collection', placeholder, default: {}, options }];
}

/** The fields as they are shown while a parameter of the node has a value. */
export function shownWhen(
  show: Readonly<Record<string, readonly unknown[]>>,
  fields: readonly Property[],
): readonly Property[] {
  return fields.map((one) => ({
    ...one,
    displayOptions: { show: { ...show, ...one.displayOptions?.show } },
  }));
}
