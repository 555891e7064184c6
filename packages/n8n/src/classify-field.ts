import type {
  ActionDefinition,
  ConnectorDefinition,
  JsonSchema,
  TriggerDefinition,
} from 'dynamics365-connector';
import type { Table } from 'dynamics365-connector/host';

/** What a field of a form holds. It decides how the field is shown and how its value is read. */
export type FieldKind =
  | { readonly kind: 'boolean' | 'number' | 'text' | 'date-time' | 'date' | 'json' | 'string-list' }
  /** One or several values of a list; with `table`, they may be names of its columns. */
  | { readonly kind: 'choice' | 'choices'; readonly values: readonly string[]; readonly table?: string }
  /** A choice column; the organization may have added values. */
  | { readonly kind: 'column-choice'; readonly table: string; readonly column: string }
  /** A row by its id, or a lookup: `{ table, id }`. */
  | { readonly kind: 'row' | 'lookup'; readonly tables: readonly string[] }
  /** A user by Microsoft Entra object ID. */
  | { readonly kind: 'user' }
  /** A table of the organization, columns of the table in the field `table`, or values of such columns. */
  | { readonly kind: 'table' | 'columns' | 'column-values' };

export type OperationDefinition = ActionDefinition | TriggerDefinition;

/** `case.create` -> `case`: the table or the group of an operation. */
export function resourceOf({ id }: { readonly id: string }): string {
  const [resource = id] = id.split('.');
  return resource;
}

/** The properties of an operation's input and the names of the required ones. */
export function inputSchemaOf({ input }: OperationDefinition): {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
} {
  const { properties, required = [] } = input as unknown as Partial<ReturnType<typeof inputSchemaOf>>;
  return { properties: properties ?? {}, required };
}

/** Classifies one property of an operation's input. */
export function classifyField(
  definition: ConnectorDefinition,
  operation: OperationDefinition,
  name: string,
): FieldKind {
  const { properties } = inputSchemaOf(operation);
  const schema = properties[name] ?? {};
  const tableName = resourceOf(operation);
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

/** Classifies a value by its schema alone, without the tables of the definition. */
export function classifySchema(schema: JsonSchema): FieldKind {
  return classifyLookup(schema) ?? classifyList(schema) ?? classifyScalar(schema);
}

/** The `enum` of a schema or of one of its `anyOf` branches. */
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

function classifyLookup({ properties }: JsonSchema): FieldKind | undefined {
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
