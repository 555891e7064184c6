import { suggest } from '../errors/suggest.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { BodyTemplate, Slot, SlotType } from '../model/template.ts';
import { complete } from './complete.ts';
import { readHoles, wholeHole } from './holes.ts';
import { findValue, type Scope } from './scope.ts';
import type { Site } from './site.ts';
import type { CompiledTable, Workshop } from './workshop.ts';

interface Context {
  readonly site: Site;
  readonly scope: Scope;
  readonly shop: Workshop;
  readonly table: CompiledTable;
}

/** A row in our words, for `create` and `update`: `"{{input}}"`, or an object of columns. */
export function compileValues(values: string | JsonObject, context: Context): BodyTemplate | undefined {
  if (typeof values === 'string') return compileWholeInput(values, context);
  const { site, table } = context;
  const entries = complete(
    Object.entries(values).map(([name, value]) => {
      const at = site.at(name);
      if (!checkColumn(name, table, at)) return undefined;
      const body = compileColumn(name, value, { ...context, site: at });
      return body && ([name, body] as const);
    }),
  );
  return entries && { kind: 'row', table: table.table.name, value: { kind: 'object', entries }, omit: [] };
}

function compileWholeInput(text: string, { site, scope, table }: Context): BodyTemplate | undefined {
  if (wholeHole(text)?.path.join('.') !== 'input') {
    const fix = 'write values: "{{input}}"';
    site.error('T111', 'values are "{{input}}" or an object of columns', { fix });
    return undefined;
  }
  const { name, inputProperties } = table.table;
  const inputs = [...(scope.roots.input?.known ?? [])];
  const isColumn = (input: string) => Object.hasOwn(inputProperties, input);
  const fits = inputs
    .filter(([input]) => isColumn(input))
    .map(([input, { type }]) => {
      scope.used.add(`input.${input}`);
      return checkType(input, type, { site, table, raw: `{{input.${input}}}` });
    });
  if (fits.includes(false)) return undefined;
  return {
    kind: 'row',
    table: name,
    value: { kind: 'slot', slot: codecSlot(['input']) },
    omit: inputs.map(([input]) => input).filter((input) => !isColumn(input)),
  };
}

/** The codec knows the type of a column better than the hole does. */
function codecSlot(path: readonly string[]): Slot {
  return { path, type: { kind: 'any' }, position: 'json' };
}

function checkColumn(name: string, { table }: CompiledTable, site: Site): boolean {
  const known = Object.keys(table.inputProperties);
  if (known.includes(name)) return true;
  const isReadOnly = table.columns.some((column) => column.name === name);
  const message = isReadOnly
    ? `"${name}" cannot be written`
    : `the table ${table.name} has no column "${name}"`;
  const [nearest] = suggest(name, known, 1);
  site.error('S111', message, { key: true, fix: nearest && `did you mean "${nearest}"?` });
  return false;
}

function compileColumn(name: string, value: Json, context: Context): BodyTemplate | undefined {
  if (typeof value === 'string' && value.includes('{{')) return compileColumnHole(name, value, context);
  const idHole = lookupHole(value);
  if (idHole !== undefined) return compileLookupHole(name, value as JsonObject, idHole, context);
  const { site, shop, table } = context;
  const column = table.table.columns.find((candidate) => candidate.name === name);
  const isCleared = value === null && column?.required === false;
  const issues = isCleared ? [] : shop.validator.issues(table.properties.get(name)!.input, value);
  for (const issue of issues) site.error('S112', `the column "${name}" ${issue.message}`);
  return issues.length === 0 ? { kind: 'literal', value } : undefined;
}

/** `{ table: case, id: "{{input.id}}" }`: the hole of its id. */
function lookupHole(value: Json): string | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  const { id } = value as JsonObject;
  return typeof id === 'string' && id.includes('{{') ? id : undefined;
}

function compileLookupHole(
  name: string,
  value: JsonObject,
  raw: string,
  context: Context,
): BodyTemplate | undefined {
  const { site, scope, shop, table } = context;
  const at = site.at('id');
  const hole = wholeHole(raw);
  const found = hole && findValue(hole.path, { site: at, scope, raw });
  if (hole !== undefined && found === undefined) return undefined;
  if (found?.type.kind !== 'uuid') {
    at.error('T105', `${raw}: the id of a row is one whole id`, { text: raw, fix: 'name an id' });
    return undefined;
  }
  const sample = { ...value, id: '00000000-0000-4000-8000-000000000000' };
  const issues = shop.validator.issues(table.properties.get(name)!.input, sample);
  for (const issue of issues) site.error('S112', `the column "${name}" ${issue.message}`);
  const entries = Object.entries(value).map(([key, word]): readonly [string, BodyTemplate] =>
    key === 'id'
      ? [key, { kind: 'slot', slot: codecSlot(hole!.path) }]
      : [key, { kind: 'literal', value: word }],
  );
  return issues.length === 0 ? { kind: 'object', entries } : undefined;
}

function compileColumnHole(
  name: string,
  raw: string,
  { site, scope, table }: Context,
): BodyTemplate | undefined {
  if (readHoles(raw, site) === undefined) return undefined;
  const hole = wholeHole(raw);
  if (hole === undefined) {
    site.error('T106', 'a column takes one whole value', { fix: 'write one hole, or the value itself' });
    return undefined;
  }
  const found = findValue(hole.path, { site, scope, raw });
  const fits = found && checkType(name, found.type, { site, table, raw });
  return fits ? { kind: 'slot', slot: codecSlot(hole.path) } : undefined;
}

/** A value fits a column of its own kind: the codec would not know what to do with another. */
function checkType(
  name: string,
  given: SlotType,
  { site, table, raw }: { site: Site; table: CompiledTable; raw: string },
): boolean {
  const { type } = table.properties.get(name)!;
  const isText = type.kind === 'string' && (given.kind === 'name' || given.kind === 'uuid');
  if (isText || (given.kind === type.kind && knowsAll(type, given))) return true;
  const [wanted, got] =
    given.kind === type.kind ? ['other values', 'these'] : [`a ${type.kind}`, `a ${given.kind}`];
  const fix = `use { $ref: ../schemas/tables/${table.table.name}.yaml#/properties/${name} } for the input`;
  site.error('T105', `${raw}: the column "${name}" takes ${wanted}, not ${got}`, { text: raw, fix });
  return false;
}

/** Every label and target of the input means the same to the column. */
function knowsAll(column: SlotType, given: SlotType): boolean {
  const labels = Object.entries(given.choices ?? {}).every(
    ([label, number]) => column.choices?.[label] === number,
  );
  const tables = new Set(column.targets?.map(({ table }) => table));
  return labels && (given.targets ?? []).every(({ table }) => tables.has(table));
}
