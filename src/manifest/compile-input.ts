import type { JsonSchema } from '../model/json.ts';
import { compileProperties } from './compile-property.ts';
import type { Verb } from './compile-request.ts';
import { filterName } from './compile-verb.ts';
import { nullable, objectOf, type Properties, type Property } from './property.ts';
import type { InputYaml, RequestYaml } from './shapes.ts';
import type { Site } from './site.ts';
import type { CompiledTable, Workshop } from './workshop.ts';

export interface CompiledInput {
  readonly properties: Properties;
  readonly schema: JsonSchema;
}

/** Compiles an input: its own properties, then those that the table adds. */
export function compileInput(
  yaml: InputYaml,
  added: ReadonlyMap<string, Property>,
  { site, shop, required = [] }: { site: Site; shop: Workshop; required?: readonly string[] },
): CompiledInput {
  const own = compileProperties(yaml, site, shop);
  const known = new Map([...own.known, ...[...added].filter(([name]) => !own.known.has(name))]);
  const allRequired = new Set([...(yaml.required ?? []), ...required]);
  const schemas = new Map([...known].map(([name, { input }]) => [name, input]));
  return {
    properties: { ...own, known, present: new Set([...own.present, ...required]) },
    schema: objectOf(schemas, allRequired),
  };
}

/** What the table of a request adds to its input, by `columns: writable` and `filters: table`. */
export function addedInputs(
  { input, request }: { input?: InputYaml; request: RequestYaml },
  form: Verb | 'plain',
  site: Site,
): { added: ReadonlyMap<string, Property>; required: readonly string[] } {
  const none = { added: new Map<string, Property>(), required: [] };
  if (form !== 'plain' && form.verb === 'list' && request.filters)
    return { ...none, added: filterInputs(form.table) };
  if (input?.columns === undefined) return none;
  if (form === 'plain' || (form.verb !== 'create' && form.verb !== 'update')) {
    const fix = 'write the inputs out under properties';
    site.at('input', 'columns').error('M110', 'only a create or update takes columns', { key: true, fix });
    return none;
  }
  const columns = form.table.table.columns.filter((column) => column.writable);
  const required = columns.filter((column) => column.required).map((column) => column.name);
  if (form.verb === 'create') return { added: columnInputs(form.table), required };
  return { added: columnInputs(form.table, new Set(required)), required: [] };
}

/** With `never` (an update), `null` clears a column, except those that may never be empty. */
function columnInputs(
  { table, properties }: CompiledTable,
  never?: ReadonlySet<string>,
): ReadonlyMap<string, Property> {
  const isParties = (name: string) => properties.get(name)!.type.kind === 'parties';
  // The people of an activity are written with a new row only.
  const names = Object.keys(table.inputProperties).filter((name) => never === undefined || !isParties(name));
  const entries = names.map((name) => {
    const property = properties.get(name)!;
    const clears = never !== undefined && !never.has(name);
    return [name, clears ? { ...property, input: nullable(property.input) } : property] as const;
  });
  return new Map(entries);
}

function filterInputs(table: CompiledTable): ReadonlyMap<string, Property> {
  const entries = table.filters.map((name) => {
    const property = table.properties.get(name)!;
    return [filterName(name, table), property.type.kind === 'lookup' ? idOf(property) : property] as const;
  });
  return new Map(entries);
}

function idOf({ input }: Property): Property {
  const title = `${input.title} id`;
  const schema = { title, type: 'string', format: 'uuid' };
  return { type: { kind: 'uuid' }, input: schema, output: schema };
}
