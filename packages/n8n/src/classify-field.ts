import type {
  ActionDefinition,
  ConnectorDefinition,
  JsonSchema,
  TriggerDefinition,
} from 'dynamics365-connector';
import type { Table } from 'dynamics365-connector/host';

/** What a field of a form is about; its look and the reading of it follow from that. */
export type FieldKind =
  | { readonly kind: 'boolean' | 'number' | 'text' | 'date-time' | 'date' | 'json' | 'string-list' }
  /** One, or some, of a list, which may be names of columns of the table. */
  | { readonly kind: 'choice' | 'choices'; readonly values: readonly string[]; readonly table?: string }
  /** A choice column, whose values the organization may have changed. */
  | { readonly kind: 'column-choice'; readonly table: string; readonly column: string }
  /** Which row: by its id alone, or as `{ table, id }`. */
  | { readonly kind: 'row' | 'lookup'; readonly tables: readonly string[] }
  /** A user, by the id that Entra knows them by. */
  | { readonly kind: 'user' }
  /** A table of the organization, or columns of the table that the field `table` names. */
  | { readonly kind: 'table' | 'columns' | 'column-values' };

export type OperationDefinition = ActionDefinition | TriggerDefinition;

/** The properties of an operation's input, and which of them it needs. */
export function inputSchemaOf({ input }: OperationDefinition): {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
} {
  const { properties, required = [] } = input as unknown as Partial<ReturnType<typeof inputSchemaOf>>;
  return { properties: properties ?? {}, required };
}

/** The kind of one property of an operation's input. */
export function classifyField(
  definition: ConnectorDefinition,
  operation: OperationDefinition,
  name: string,
): FieldKind {
  const { properties } = inputSchemaOf(operation);
  const schema = properties[name]!;
  const tableName = operation.id.split('.')[0]!;
  const table = definition.tables[tableName];
  const choices = findEnum(schema);
  if (isFreeText(properties.table)) {
    if (name === 'table') return { kind: 'table' };
    if (name === 'values') return { kind: 'column-values' };
    if (name === 'select') return { kind: 'columns' };
  }
  if (table !== undefined && choices !== undefined && isChoiceColumn(table, name)) {
    return { kind: 'column-choice', table: tableName, column: name };
  }
  if (choices !== undefined) return { kind: 'choice', values: choices, table: tableName };
  if (name === 'id' && table !== undefined) return { kind: 'row', tables: [tableName] };
  const kind = classifySchema(schema);
  return kind.kind === 'choices' ? { ...kind, table: tableName } : kind;
}

/** The kind of a value that the organization has no part in, by its schema alone. */
export function classifySchema(schema: JsonSchema): FieldKind {
  return classifyLink(schema) ?? classifyList(schema) ?? classifyScalar(schema);
}

/** The enum of a text, or of the branch of a choice that has one. */
function findEnum(schema: JsonSchema): readonly string[] | undefined {
  const branches = (schema.anyOf ?? [schema]) as readonly JsonSchema[];
  return branches.map((branch) => branch.enum as readonly string[] | undefined).find(Boolean);
}

function isFreeText(schema: JsonSchema | undefined): boolean {
  return schema?.type === 'string' && schema.enum === undefined;
}

function isChoiceColumn({ columns }: Table, name: string): boolean {
  return columns.some((column) => column.name === name && column.type === 'choice');
}

function classifyLink({ properties }: JsonSchema): FieldKind | undefined {
  const { table, id } = (properties ?? {}) as Readonly<Record<string, JsonSchema | undefined>>;
  const tables = table?.enum as readonly string[] | undefined;
  return tables === undefined || id === undefined ? undefined : { kind: 'lookup', tables };
}

function classifyList({ items }: JsonSchema): FieldKind | undefined {
  const { type, enum: values } = (items ?? {}) as JsonSchema;
  if (type !== 'string') return undefined;
  return values === undefined
    ? { kind: 'string-list' }
    : { kind: 'choices', values: values as readonly string[] };
}

function classifyScalar({ type, format }: JsonSchema): FieldKind {
  const types = [type].flat();
  if (types.includes('boolean')) return { kind: 'boolean' };
  if (types.includes('integer') || types.includes('number')) return { kind: 'number' };
  if (!types.includes('string')) return { kind: 'json' };
  if (format === 'date-time') return { kind: 'date-time' };
  return { kind: format === 'date' ? 'date' : 'text' };
}
