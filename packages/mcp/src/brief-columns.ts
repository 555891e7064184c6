import type { ActionDefinition, ConnectorDefinition, JsonObject, JsonSchema } from 'dynamics365-connector';
import { describeOperation } from 'dynamics365-connector/host';

/** A list with this many columns or fewer stays short with dozens of rows. */
const maxListColumns = 6;

/**
 * The input of a list with the columns that a model needs to choose rows: names, numbers and states, no times and no
 * lookups. An input that names columns keeps them.
 */
export function addListColumns(
  definition: ConnectorDefinition,
  action: ActionDefinition,
  input: JsonObject,
): JsonObject {
  const { columns, customColumns, expand } = input;
  const isList =
    action.output.kind === 'rows' && Object.hasOwn((action.input.properties ?? {}) as object, 'columns');
  if (!isList || columns !== undefined || customColumns !== undefined || expand !== undefined) return input;
  return { ...input, columns: listColumnsOf(definition, action) };
}

function listColumnsOf(definition: ConnectorDefinition, action: ActionDefinition): readonly string[] {
  const { mainColumns } = describeOperation(definition, action).answer;
  const isShort = (name: string) => !isObjectOrTime(columnSchema(action, name));
  const short = mainColumns.filter(isShort);
  // A status reason says in which state the row is.
  const needed = short.filter((name) => name !== 'state' || !short.includes('status'));
  return (needed.length > 0 ? needed : mainColumns).slice(0, maxListColumns);
}

/** The columns that tell which row it is, who it is for and in which state it is. */
export function stateColumnsOf(definition: ConnectorDefinition, action: ActionDefinition): readonly string[] {
  const { mainColumns, columns } = describeOperation(definition, action).answer;
  const people = columns.map(({ name }) => name).filter((name) => name === 'contact' || name === 'escalated');
  const shown = mainColumns.filter((name) => !isTime(columnSchema(action, name)));
  return [...new Set([...shown, ...people])];
}

function columnSchema({ outputSchema }: ActionDefinition, name: string): JsonSchema {
  const row = (outputSchema.items ?? outputSchema) as JsonSchema;
  const properties = (row.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
  return properties[name] ?? {};
}

function isTime({ format }: JsonSchema): boolean {
  return format === 'date-time' || format === 'date';
}

function isObjectOrTime(schema: JsonSchema): boolean {
  return isTime(schema) || [schema.type].flat().some((type) => type === 'object' || type === 'array');
}
