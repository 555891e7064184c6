import type { JsonSchema } from '../model/json.ts';
import type { CompileContext, CompiledTable } from './compile-context.ts';
import { compileProperties } from './compile-property.ts';
import { filterInputName } from './compile-table-request.ts';
import {
  type CompiledProperties,
  type CompiledProperty,
  objectSchema,
  toNullable,
} from './compiled-property.ts';
import type { TableRequestForm } from './request-form.ts';
import type { SourceNode } from './source-node.ts';
import type { InputYaml, RequestYaml } from './yaml-types.ts';

export interface CompiledInput {
  readonly properties: CompiledProperties;
  readonly schema: JsonSchema;
}

/** Compiles an input: its own properties, then those that the table adds. */
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

/** What the table of a request adds to its input, by `columns: writable` and `filters: table`. */
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
    const fix = takes === undefined ? 'write the inputs out under properties' : `write columns: ${takes}`;
    node.at('input', 'columns').error('M110', `this request does not take them`, { key: true, fix });
    return none;
  }
  if (form.verb === 'find') return { ...none, added: keyInputs(form.table) };
  if (form.verb === 'upsert') return { added: upsertInputs(form.table), required: ['matchOn'] };
  const columns = form.table.table.columns.filter((column) => column.writable);
  const required = columns.filter((column) => column.required).map((column) => column.name);
  if (form.verb === 'create') return { added: columnInputs(form.table), required };
  return { added: columnInputs(form.table, new Set(required)), required: [] };
}

/** Which columns a request can take. */
const acceptedColumns: Readonly<Partial<Record<TableRequestForm['verb'], InputYaml['columns']>>> = {
  create: 'writable',
  update: 'writable',
  upsert: 'writable',
  find: 'keys',
};

const keyKinds: readonly string[] = ['string', 'integer', 'decimal', 'date', 'date-time', 'choice', 'lookup'];

/** Every column that an alternate key can be made of. */
function keyInputs({ table, properties }: CompiledTable): ReadonlyMap<string, CompiledProperty> {
  const columns = table.columns.filter(({ type }) => keyKinds.includes(type));
  return new Map(columns.map(({ name }) => [name, properties.get(name)!]));
}

/** The writable columns, the id, and which of them say what row is meant. */
function upsertInputs(table: CompiledTable): ReadonlyMap<string, CompiledProperty> {
  const columns = columnInputs(table, listRequired(table));
  const names = ['id', ...keyInputs(table).keys()].filter((name) => name === 'id' || columns.has(name));
  const title = 'Match on';
  const description = 'The columns that say which row is meant: the id, or an alternate key of the table.';
  const list = { type: 'array', items: { type: 'string', enum: names } };
  const matchOn: CompiledProperty = {
    type: { kind: 'names', names },
    input: { title, description, ...list, minItems: 1, uniqueItems: true },
    output: list,
  };
  return new Map([['id', table.properties.get('id')!], ...columns, ['matchOn', matchOn]]);
}

function listRequired({ table }: CompiledTable): ReadonlySet<string> {
  return new Set(table.columns.flatMap(({ name, required }) => (required ? [name] : [])));
}

/** With `never` (where a row may be there already), `null` clears a column, except those that may never be empty. */
function columnInputs(
  { table, properties }: CompiledTable,
  never?: ReadonlySet<string>,
): ReadonlyMap<string, CompiledProperty> {
  const isParties = (name: string) => properties.get(name)!.type.kind === 'parties';
  // The people of an activity are written with a new row only.
  const names = Object.keys(table.inputProperties).filter((name) => never === undefined || !isParties(name));
  const entries = names.map((name) => {
    const property = properties.get(name)!;
    const clears = never !== undefined && !never.has(name);
    return [name, clears ? { ...property, input: toNullable(property.input) } : property] as const;
  });
  return new Map(entries);
}

function filterInputs(table: CompiledTable): ReadonlyMap<string, CompiledProperty> {
  const entries = table.filterColumns.map((name) => {
    const property = table.properties.get(name)!;
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
