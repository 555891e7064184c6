import type { ActionDefinition, ConnectorDefinition, TriggerDefinition } from '../model/definition.ts';
import type { HandlerName } from '../model/handlers.ts';
import type { Json, JsonSchema } from '../model/json.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { customColumnsName, type Table } from '../model/table.ts';
import { classifySchema, findEnum } from './classify-schema.ts';
import { exampleFromSchema } from './example-from-schema.ts';
import type { FieldView } from './field-view.ts';
import { inputOf, resourceOf } from './operation-parts.ts';
import { optionLabel } from './option-label.ts';
import type { PickList, TableSource } from './pick-list.ts';
import { findRowTables } from './row-tables.ts';

type OperationDefinition = ActionDefinition | TriggerDefinition;

/** What decides how a field looks: its name in the input, and the operation. */
interface FieldContext {
  readonly definition: ConnectorDefinition;
  readonly operation: OperationDefinition;
  readonly name: string;
  readonly schema: JsonSchema;
  /** The table of the operation; none for `record.*` and the like. */
  readonly table: Table | undefined;
  /** The inputs of the operation. */
  readonly properties: Readonly<Record<string, JsonSchema>>;
}

/** Describes one input of an operation as a field of a form. */
export function describeField(
  definition: ConnectorDefinition,
  operation: OperationDefinition,
  name: string,
): FieldView {
  const { properties, required } = inputOf(operation.input);
  const schema = properties[name] ?? {};
  const table = definition.tables[tableNameOf(operation)];
  const context = { definition, operation, name, schema, table, properties };
  const { title = name, description, default: defaultValue } = schema as Annotations;
  const shape = describeSpecialField(context) ?? describeBySchema(schema, table);
  return omitUndefined({
    name,
    title: shape.kind === 'row' ? rowTitle(title, table) : title,
    description,
    ...shape,
    required: required.includes(name) && defaultValue === undefined,
    default: defaultValue,
    example: exampleFromSchema(schema),
    schema,
  });
}

/** A row is picked, not its id typed: "Id" -> "Case", "Owner id" -> "Owner". */
function rowTitle(title: string, table: Table | undefined): string {
  return title === 'Id' ? (table?.title ?? 'Row') : title.replace(/ id$/, '');
}

/** Describes a value by its name and schema alone: an option of a call. */
export function describeOption(name: string, schema: JsonSchema): FieldView {
  const { title = name, description } = schema as Annotations;
  const isUser = name === 'asUser';
  const shape: Shape = isUser
    ? { kind: 'row', pickList: { from: 'rows', tables: ['user'], value: 'entra-id' } }
    : describeBySchema(schema, undefined);
  return omitUndefined({ name, title, description, ...shape, required: false, schema });
}

interface Annotations {
  readonly title?: string;
  readonly description?: string;
  readonly default?: Json;
}

type Shape = Pick<FieldView, 'kind' | 'pickList'>;

function tableNameOf(operation: OperationDefinition): string {
  return ('watch' in operation ? operation.watch.table : undefined) ?? resourceOf(operation);
}

/** Fields whose meaning follows from their name and the operation. */
function describeSpecialField(context: FieldContext): Shape | undefined {
  const { name, schema, operation, table } = context;
  if (name === customColumnsName) return describeCustomColumns(context);
  if (name === 'content' && takesFile(operation)) return { kind: 'file' };
  if (namesTable(context.properties.table)) return describeAnyTableField(context);
  const choices = findEnum(schema);
  const column = table?.columns.find((one) => one.name === name && one.type === 'choice');
  if (table !== undefined && choices !== undefined && column !== undefined)
    return { kind: 'choice', pickList: { from: 'choices', table: table.name, column: name } };
  // The id of a new row is chosen by whoever creates it.
  if (name === 'id' && table !== undefined && !operation.id.endsWith('.create'))
    return { kind: 'row', pickList: rowsOf([table.name], 'id') };
  return describeRowId(context);
}

/** Columns that our table schema does not have: their names for a read, their values for a write. */
function describeCustomColumns({ schema, operation, table }: FieldContext): Shape | undefined {
  if (table === undefined) return undefined;
  const source = { from: 'columns', table: table.name, custom: true } as const;
  if (schema.type !== 'array')
    return {
      kind: 'values',
      pickList: { ...source, use: operation.id.endsWith('.create') ? 'create' : 'update' },
    };
  return { kind: 'choices', pickList: { ...source, use: 'watch' in operation ? 'watch' : 'read' } };
}

/** Fields of operations on any table: the field `table` names it. */
function describeAnyTableField({ name, schema, operation }: FieldContext): Shape | undefined {
  const table: TableSource = { field: 'table' };
  const isNew = operation.id.endsWith('.create');
  switch (name) {
    case 'table':
      return { kind: 'choice', pickList: { from: 'tables' } };
    case 'values':
      return { kind: 'values', pickList: { from: 'columns', table, use: isNew ? 'create' : 'update' } };
    case 'select':
    case 'columns':
      return {
        kind: 'choices',
        pickList: { from: 'columns', table, use: 'watch' in operation ? 'watch' : 'read' },
      };
    case 'id':
      return isNew || schema.format !== 'uuid' ? undefined : { kind: 'row', pickList: rowsOf([table], 'id') };
    default:
      return undefined;
  }
}

function takesFile(operation: OperationDefinition): boolean {
  const uploads: readonly unknown[] = ['attachFile', 'uploadColumnFile'] satisfies readonly HandlerName[];
  return 'handler' in operation && uploads.includes(operation.handler);
}

function namesTable(schema: JsonSchema | undefined): boolean {
  return schema?.type === 'string' && schema.enum === undefined;
}

/** An id whose name says of which table it is: `ownerId`, `queueId`. */
function describeRowId({ definition, name, schema, table }: FieldContext): Shape | undefined {
  if (schema.format !== 'uuid' || schema.type !== 'string') return undefined;
  const tables = findRowTables(definition, table, name);
  return tables.length === 0 ? undefined : { kind: 'row', pickList: rowsOf(tables, 'id') };
}

function rowsOf(tables: readonly TableSource[], value: 'id' | 'table/id'): PickList {
  return { from: 'rows', tables, value };
}

/** A field whose meaning follows from its schema alone. */
function describeBySchema(schema: JsonSchema, table: Table | undefined): Shape {
  const found = classifySchema(schema);
  switch (found.kind) {
    case 'choice':
    case 'choices':
      return { kind: found.kind, pickList: toPickList(found.values, table) };
    case 'lookup':
    case 'lookups':
    case 'people': {
      const value = found.kind === 'people' || found.tables.length > 1 ? 'table/id' : 'id';
      return { kind: found.kind, pickList: rowsOf(found.tables, value) };
    }
    default:
      return { kind: found.kind };
  }
}

/** Fixed values; names of columns are shown by their titles. */
function toPickList(values: readonly string[], table: Table | undefined): PickList {
  const columns = table?.columns.map(({ name }) => name) ?? [];
  const isWholeTable = columns.length > 0 && columns.join() === values.join();
  if (table !== undefined && isWholeTable) return { from: 'own-columns', table: table.name };
  return { from: 'values', options: toOptions(values, table) };
}

function toOptions(values: readonly string[], table: Table | undefined) {
  return values.map((value) => {
    const column = table?.columns.find(({ name, logicalName }) => name === value || logicalName === value);
    return { value, label: column?.title ?? optionLabel(value) };
  });
}
