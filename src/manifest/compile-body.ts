import { suggest } from '../errors/suggest.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { BodyTemplate, Slot } from '../model/template.ts';
import { locatePathHoles } from '../odata/holes/path-holes.ts';
import { compileTemplate, lookUp, readHoles, type Scope, type Slots, wholeHole } from './holes.ts';
import type { Site } from './site.ts';
import type { CompiledTable, Workshop } from './workshop.ts';

interface Context {
  readonly site: Site;
  readonly scope: Scope;
}

/** A body in Dataverse's words: JSON whose strings may have holes; undefined after a fault. */
export function compileBody(value: Json, { site, scope }: Context, key = ''): BodyTemplate | undefined {
  if (typeof value === 'string') return compileText(value, { site, scope }, key);
  if (value === null || typeof value !== 'object') return { kind: 'literal', value };
  if (Array.isArray(value)) {
    const items = value.map((item: Json, index) => compileBody(item, { site: site.at(index), scope }, key));
    return all(items) && { kind: 'array', items: items as readonly BodyTemplate[] };
  }
  const entries = Object.entries(value).map(
    ([name, inner]) => [name, compileBody(inner as Json, { site: site.at(name), scope }, name)] as const,
  );
  if (!all(entries.map(([, body]) => body))) return undefined;
  return { kind: 'object', entries: entries as readonly (readonly [string, BodyTemplate])[] };
}

function compileText(text: string, { site, scope }: Context, key: string): BodyTemplate | undefined {
  const parts = readHoles(text, site);
  if (parts === undefined) return undefined;
  if (parts.every((part) => typeof part === 'string')) return { kind: 'literal', value: text };
  const hole = wholeHole(text);
  const locate = placeOf(key, hole !== undefined);
  const template = compileTemplate(text, { locate }, { site, scope });
  if (template === undefined) return undefined;
  if (locate === 'json') return { kind: 'slot', slot: template.parts[0] as Slot };
  return { kind: 'text', template };
}

/** A whole lookup knows its row's path; a binding that is written out is a path with a key. */
function placeOf(key: string, isWhole: boolean): Slots['locate'] {
  if (key.endsWith('@odata.bind')) return isWhole ? 'bind' : locatePathHoles;
  return isWhole ? 'json' : 'text';
}

/** A row in our words, for `create` and `update`: `"{{input}}"`, or an object of columns. */
export function compileValues(
  values: string | JsonObject,
  table: CompiledTable,
  { site, scope, shop }: Context & { shop: Workshop },
): BodyTemplate | undefined {
  if (typeof values === 'string') return compileWholeInput(values, table, { site, scope });
  const entries = Object.entries(values).map(([name, value]) => {
    const at = site.at(name);
    if (!checkColumn(name, table, at)) return undefined;
    const body = compileColumnValue(value, name, { table, site: at, scope, shop });
    return body && ([name, body] as const);
  });
  if (!all(entries)) return undefined;
  const value: BodyTemplate = {
    kind: 'object',
    entries: entries as readonly (readonly [string, BodyTemplate])[],
  };
  return { kind: 'row', table: table.table.name, value, omit: [] };
}

function compileWholeInput(
  text: string,
  { table }: CompiledTable,
  { site, scope }: Context,
): BodyTemplate | undefined {
  const hole = wholeHole(text);
  if (hole?.path.join('.') !== 'input') {
    site.error('T111', 'values are "{{input}}" or an object of columns', {
      fix: 'write values: "{{input}}"',
    });
    return undefined;
  }
  const writable = new Set(Object.keys(table.inputProperties));
  const names = [...(scope.roots.input?.known.keys() ?? [])];
  for (const name of names) if (writable.has(name)) scope.used.add(`input.${name}`);
  return {
    kind: 'row',
    table: table.name,
    value: { kind: 'slot', slot: codecSlot(['input']) },
    omit: names.filter((name) => !writable.has(name)),
  };
}

/** The codec knows the type of a column better than the hole does. */
function codecSlot(path: readonly string[]): Slot {
  return { path, type: { kind: 'any' }, position: 'json' };
}

function checkColumn(name: string, { table }: CompiledTable, site: Site): boolean {
  if (Object.hasOwn(table.inputProperties, name)) return true;
  const known = Object.keys(table.inputProperties);
  const [nearest] = suggest(name, known, 1);
  const isReadOnly = table.columns.some((column) => column.name === name);
  const message = isReadOnly
    ? `"${name}" cannot be written`
    : `the table ${table.name} has no column "${name}"`;
  site.error('S111', message, { key: true, fix: nearest && `did you mean "${nearest}"?` });
  return false;
}

interface ColumnContext extends Context {
  readonly table: CompiledTable;
  readonly shop: Workshop;
}

function compileColumnValue(
  value: Json,
  name: string,
  { table, site, scope, shop }: ColumnContext,
): BodyTemplate | undefined {
  const { type, input } = table.properties.get(name)!;
  if (typeof value === 'string' && value.includes('{{')) {
    const parts = readHoles(value, site);
    const hole = wholeHole(value);
    if (parts === undefined) return undefined;
    if (hole === undefined) {
      site.error('T106', 'a column takes one whole value', { fix: 'write one hole, or the value itself' });
      return undefined;
    }
    const found = lookUp(hole.path, { site, scope, raw: value });
    if (found === undefined) return undefined;
    const fits =
      found.type.kind === type.kind || (type.kind === 'string' && ['name', 'uuid'].includes(found.type.kind));
    if (fits) return { kind: 'slot', slot: codecSlot(hole.path) };
    site.error('T105', `${value}: the column "${name}" takes a ${type.kind}, not a ${found.type.kind}`, {
      fix: `use { $ref: ../schemas/tables/${table.table.name}.yaml#/properties/${name} } for the input`,
    });
    return undefined;
  }
  const issues = value === null ? [] : shop.validator.issues(input, value);
  for (const issue of issues) site.error('S112', `the column "${name}" ${issue.message}`);
  return issues.length === 0 ? { kind: 'literal', value } : undefined;
}

function all(values: readonly unknown[]): true | undefined {
  return values.every((value) => value !== undefined) || undefined;
}
