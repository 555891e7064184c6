import type { JsonSchema } from '../../model/json.ts';
import { customColumnsName } from '../../model/table.ts';
import type { SourceNode } from '../read/source-node.ts';
import type { InputYaml, RequestYaml } from '../read/yaml-types.ts';
import { customColumnValues } from './compile-column-inputs.ts';
import { type CompileContext, type CompiledTable, requireProperty } from './compile-context.ts';
import { compileProperties } from './compile-property.ts';
import { filterInputName } from './compile-table-request.ts';
import {
  type CompiledProperties,
  type CompiledProperty,
  objectSchema,
  toNullable,
} from './compiled-property.ts';
import type { TableRequestForm } from './request-form.ts';

export interface CompiledInput {
  readonly properties: CompiledProperties;
  readonly schema: JsonSchema;
}

/** Compiles an input: its own properties first, then those that the table adds. */
export function compileInput(
  yaml: InputYaml,
  added: ReadonlyMap<string, CompiledProperty>,
  {
    node,
    context,
    required = [],
  }: { node: SourceNode; context: CompileContext; required?: readonly string[] },
): CompiledInput {
  const own = compileProperties(yaml, node, context);
  const known = new Map([...own.known, ...[...added].filter(([name]) => !own.known.has(name))]);
  const allRequired = new Set([...(yaml.required ?? []), ...required]);
  const schemas = new Map([...known].map(([name, { input }]) => [name, input]));
  return {
    properties: { ...own, known, alwaysPresent: new Set([...own.alwaysPresent, ...required]) },
    schema: objectSchema(schemas, allRequired),
  };
}

/** The inputs that a request's table adds, through `columns` and `filters: table`. */
export function addTableInputs(
  { input, request }: { input?: InputYaml; request: RequestYaml },
  form: TableRequestForm | 'plain',
  node: SourceNode,
): { added: ReadonlyMap<string, CompiledProperty>; required: readonly string[] } {
  const none = { added: new Map<string, CompiledProperty>(), required: [] };
  if (form !== 'plain' && (form.verb === 'list' || form.verb === 'count') && request.filters)
    return { ...none, added: filterInputs(form.table) };
  if (input?.columns === undefined) return none;
  const takes = form === 'plain' ? undefined : acceptedColumns[form.verb];
  if (form === 'plain' || takes !== input.columns) {
    const fix = takes === undefined ? 'list the inputs under properties' : `write columns: ${takes}`;
    node.at('input', 'columns').error('M110', 'this request does not take these columns', { key: true, fix });
    return none;
  }
  if (form.verb === 'find') return { ...none, added: keyInputs(form.table) };
  if (form.verb === 'upsert')
    return { added: withCustomColumns(upsertInputs(form.table)), required: ['matchOn'] };
  const columns = form.table.table.columns.filter((column) => column.writable);
  const required = columns.filter((column) => column.required).map((column) => column.name);
  if (form.verb === 'create')
    return { added: withCustomColumns(createInputs(form.table, new Set(required))), required };
  return { added: withCustomColumns(columnInputs(form.table, new Set(required))), required: [] };
}

/** The inputs of a row that is written, and columns of the organization. */
function withCustomColumns(
  inputs: ReadonlyMap<string, CompiledProperty>,
): ReadonlyMap<string, CompiledProperty> {
  return new Map([...inputs, [customColumnsName, customColumnValues]]);
}

/** The columns that each request can take. */
const acceptedColumns: Readonly<Partial<Record<TableRequestForm['verb'], InputYaml['columns']>>> = {
  create: 'writable',
  update: 'writable',
  upsert: 'writable',
  find: 'keys',
};

const keyKinds: readonly string[] = ['string', 'integer', 'decimal', 'date', 'date-time', 'choice', 'lookup'];

/** Every column whose type is allowed in an alternate key. */
function keyInputs(table: CompiledTable): ReadonlyMap<string, CompiledProperty> {
  const columns = table.table.columns.filter(({ type }) => keyKinds.includes(type));
  return new Map(columns.map(({ name }) => [name, requireProperty(table, name)]));
}

/** The writable columns, the id, and `matchOn`: the columns that identify the row. */
function upsertInputs(table: CompiledTable): ReadonlyMap<string, CompiledProperty> {
  const columns = columnInputs(table, listRequired(table));
  const names = ['id', ...keyInputs(table).keys()].filter((name) => name === 'id' || columns.has(name));
  const title = 'Match on';
  const description = 'The columns that identify the row: the id, or an alternate key of the table.';
  const list = { type: 'array', items: { type: 'string', enum: names } };
  const matchOn: CompiledProperty = {
    type: { kind: 'names', names },
    input: { title, description, ...list, minItems: 1, uniqueItems: true },
    output: list,
  };
  return new Map([['id', requireProperty(table, 'id')], ...columns, ['matchOn', matchOn]]);
}

function listRequired({ table }: CompiledTable): ReadonlySet<string> {
  return new Set(table.columns.flatMap(({ name, required }) => (required ? [name] : [])));
}

/** The columns of a new row, its parties, and its id. */
function createInputs(
  table: CompiledTable,
  neverEmpty: ReadonlySet<string>,
): ReadonlyMap<string, CompiledProperty> {
  const parties = (table.table.parties ?? []).map(
    ({ name }) => [name, nullableProperty(requireProperty(table, name))] as const,
  );
  const id = requireProperty(table, 'id');
  const description = 'Id of the new row.';
  const newId = { ...id, input: { ...toNullable(id.input), description } };
  return new Map([...columnInputs(table, neverEmpty), ...parties, ['id', newId]]);
}

/**
 * The columns of a row that may exist already. `null` clears a column, or in a new row stands for no value, except the
 * columns in `neverEmpty`. The parties of an activity can only be written with a new row.
 */
function columnInputs(
  table: CompiledTable,
  neverEmpty: ReadonlySet<string>,
): ReadonlyMap<string, CompiledProperty> {
  const columns = table.table.columns.filter(({ writable }) => writable);
  return new Map(
    columns.map(({ name }) => {
      const property = requireProperty(table, name);
      return [name, neverEmpty.has(name) ? property : nullableProperty(property)] as const;
    }),
  );
}

function nullableProperty(property: CompiledProperty): CompiledProperty {
  return { ...property, input: toNullable(property.input) };
}

function filterInputs(table: CompiledTable): ReadonlyMap<string, CompiledProperty> {
  const entries = table.filterColumns.map((name) => {
    const property = requireProperty(table, name);
    return [
      filterInputName(name, table),
      property.type.kind === 'lookup' ? toIdProperty(property) : property,
    ] as const;
  });
  return new Map(entries);
}

function toIdProperty({ input }: CompiledProperty): CompiledProperty {
  const title = `${input.title} id`;
  const schema = { title, type: 'string', format: 'uuid' };
  return { type: { kind: 'uuid' }, input: schema, output: schema };
}
