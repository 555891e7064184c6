import type { Json, JsonObject } from '../../model/json.ts';
import type { MetadataColumn, MetadataNavigation } from '../../model/metadata.ts';
import { either } from './checking.ts';
import { fold, type Schema, type TableIndex, wireName } from './table-index.ts';
import { choiceOf } from './values.ts';

/** One thing wrong with a body, by the JSON Pointer of its place. */
export interface BodyFault {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  /** `/customerid@odata.bind`; the property as it is written. */
  readonly pointer: string;
  readonly message: string;
  readonly fix?: string;
  /** The property as it should be, where that is known. */
  readonly repaired?: { readonly name: string; readonly value: Json };
}

/** What was found, and the body with everything repaired; absent when something could not be. */
export interface CheckedBody {
  readonly faults: readonly BodyFault[];
  readonly corrected?: JsonObject;
}

const bindSuffix = '@odata.bind';
const annotation = /@/;

/** Checks the body of a create or update: names, types, choices, and lookups bound in the right way. */
export function checkBody(body: JsonObject, schema: Schema, table: TableIndex): CheckedBody {
  const checked = Object.entries(body).map(([name, value]) => ({
    name,
    value,
    fault: checkProperty(name, value, { schema, table }),
  }));
  const faults = checked.flatMap(({ fault }) => fault ?? []);
  const settled = faults.every(({ severity, repaired }) => severity === 'warning' || repaired !== undefined);
  if (faults.length === 0 || !settled) return { faults };
  const entries = checked.map(({ name, value, fault }) => [
    fault?.repaired?.name ?? name,
    fault?.repaired?.value ?? value,
  ]);
  return { faults, corrected: Object.fromEntries(entries) };
}

interface Against {
  readonly schema: Schema;
  readonly table: TableIndex;
}

function checkProperty(name: string, value: Json, against: Against): BodyFault | undefined {
  if (name.endsWith(bindSuffix)) return checkBinding(name, value, against);
  if (annotation.test(name)) return undefined;
  const { table } = against;
  const column = table.column(name);
  if (column !== undefined && column.type !== 'lookup') return checkValue(name, value, column);
  const lookup = column ?? table.attribute(name) ?? lookupOver(table, name);
  if (lookup?.type === 'lookup' && !isDeep(value)) return lookupAsValue(name, value, { lookup, ...against });
  if (table.navigation(name) !== undefined) return undefined;
  const [best] = table.columnsLike(name);
  return {
    severity: 'error',
    code: 'Q110',
    pointer: pointerTo(name),
    message: `The table ${table.table.name} has no column “${name}”.`,
    ...(best === undefined ? {} : { fix: `Did you mean ${best.name}?` }),
    ...(best === undefined || best.type === 'lookup' ? {} : { repaired: { name: best.name, value } }),
  };
}

/** `customerid_account` with an id as its value. */
function lookupOver(table: TableIndex, name: string): MetadataColumn | undefined {
  const navigation = table.navigation(name);
  return navigation?.column === undefined ? undefined : table.attribute(navigation.column);
}

function isDeep(value: Json): boolean {
  return value === null || typeof value === 'object';
}

/** `{ "customerid": "…" }`: a lookup is written by binding its navigation property. */
function lookupAsValue(
  name: string,
  value: Json,
  { lookup, schema, table }: Against & { readonly lookup: MetadataColumn },
): BodyFault {
  const ways = table.table.navigations.filter(({ column }) => column === lookup.name);
  const given = ways.find((way) => way.name === name);
  const way = given ?? (ways.length === 1 ? ways[0] : undefined);
  const set = way && schema.table(way.target)?.table.set;
  const id = typeof value === 'string' && /^[0-9a-f-]{36}$/i.test(value) ? value : undefined;
  const forms = ways
    .slice(0, 3)
    .map((one) => `"${one.name}${bindSuffix}": "/${schema.table(one.target)?.table.set || 'set'}(id)"`);
  return {
    severity: 'error',
    code: 'Q160',
    pointer: pointerTo(name),
    message: `${name} is a lookup: it is written by binding a row, not as a value.`,
    fix: `Write ${either(forms)}.`,
    ...(way && set && id ? { repaired: { name: `${way.name}${bindSuffix}`, value: `/${set}(${id})` } } : {}),
  };
}

function checkBinding(name: string, value: Json, { schema, table }: Against): BodyFault | undefined {
  const written = name.slice(0, -bindSuffix.length);
  const sets = [value].flat().map((one) => (typeof one === 'string' ? setIn(one) : undefined));
  const navigation = table.navigation(written);
  // Activities call it ownerid_task and the like, and take the plain name as well.
  if (navigation === undefined && written === 'ownerid' && table.attribute('ownerid')) return undefined;
  if (navigation === undefined) return unknownBinding(name, value, { written, set: sets[0], schema, table });
  if (value === null) return undefined;
  const target = schema.table(navigation.target)?.table;
  if (sets.includes(undefined)) {
    return {
      severity: 'error',
      code: 'Q161',
      pointer: pointerTo(name),
      message: `${name} takes the path of a row.`,
      fix: `Write "/${target?.set || 'set'}(00000000-0000-0000-0000-000000000000)".`,
    };
  }
  const isOpen =
    target === undefined ||
    target.set === '' ||
    ['principal', 'owner', 'activitypointer'].includes(target.name);
  const wrong = isOpen ? undefined : sets.find((set) => set !== target.set);
  if (wrong === undefined) return undefined;
  const sister = table.table.navigations.find(
    (one) => one.column === navigation.column && schema.table(one.target)?.table.set === wrong,
  );
  return {
    severity: 'error',
    code: 'Q161',
    pointer: pointerTo(name),
    message: `${written} binds a row of ${target!.set}, not of ${wrong}.`,
    fix: sister ? `Write ${sister.name}${bindSuffix}.` : `Write "/${target!.set}(…)".`,
    ...(sister ? { repaired: { name: `${sister.name}${bindSuffix}`, value } } : {}),
  };
}

function unknownBinding(
  name: string,
  value: Json,
  { written, set, schema, table }: Against & { readonly written: string; readonly set: string | undefined },
): BodyFault {
  const ways = table.navigationsLike(written);
  const same = ways.filter((way) => fold(way.name) === fold(written));
  const best = same[0] ?? ways.find(({ target }) => schema.table(target)?.table.set === set) ?? ways[0];
  const column = table.column(written);
  const message =
    column !== undefined && column.type !== 'lookup'
      ? `${written} is a plain column: it takes a value, not a row.`
      : `The table ${table.table.name} has no navigation property “${written}”; their names are case-sensitive.`;
  const names = [...new Set([best, ...ways.filter(({ column: over }) => over === best?.column)])]
    .filter((way): way is MetadataNavigation => way !== undefined)
    .map((way) => `${way.name}${bindSuffix}`);
  return {
    severity: 'error',
    code: 'Q160',
    pointer: pointerTo(name),
    message,
    ...(best === undefined
      ? {}
      : { fix: `Write ${either(names.slice(0, 3))}.`, repaired: { name: names[0]!, value } }),
  };
}

/** `/accounts(…)`, `accounts(…)`, `https://…/accounts(…)`, `$1` of a change set. */
function setIn(path: string): string | undefined {
  if (/^\$\d+$/.test(path)) return '$';
  return /(?:^|\/)([A-Za-z_]\w*)\([^()]+\)$/.exec(path)?.[1];
}

function checkValue(name: string, value: Json, column: MetadataColumn): BodyFault | undefined {
  if (value === null) return undefined;
  const wrong = valueMisfit(column, value);
  return wrong && { pointer: pointerTo(name), severity: 'error', ...wrong };
}

type Wrong = Pick<BodyFault, 'code' | 'message' | 'fix' | 'repaired'>;

function valueMisfit(column: MetadataColumn, value: Json): Wrong | undefined {
  const { name, type, maxLength } = column;
  const wrong = (what: string, right?: Json): Wrong => ({
    code: 'Q120',
    message: `The column ${name} takes ${what}.`,
    ...(right === undefined
      ? {}
      : { fix: `Write ${JSON.stringify(right)}.`, repaired: { name: wireName(column), value: right } }),
  });
  switch (type) {
    case 'string':
      if (typeof value !== 'string') return wrong('text', String(value));
      return maxLength !== undefined && value.length > maxLength
        ? { code: 'Q162', message: `The text for ${name} is longer than ${maxLength} characters.` }
        : undefined;
    case 'choice':
      return choiceMisfit(column, value);
    case 'integer':
    case 'bigint':
    case 'decimal': {
      const number = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
      return typeof value === 'number' ? undefined : wrong('a number', number);
    }
    case 'boolean': {
      const meant =
        choiceOf(column, String(value))?.value ??
        { true: 1, yes: 1, '1': 1, false: 0, no: 0, '0': 0 }[String(value).toLowerCase()];
      return typeof value === 'boolean'
        ? undefined
        : wrong('true or false', meant === undefined ? undefined : meant === 1);
    }
    default:
      return typeof value === 'object' ? wrong('one plain value') : undefined;
  }
}

function choiceMisfit(column: MetadataColumn, value: Json): Wrong | undefined {
  const { name, choices = [] } = column;
  const shown = choices.slice(0, 12).map((choice) => `${choice.value} ${choice.label}`);
  const listed = `Its values: ${shown.join(', ')}.`;
  if (typeof value === 'number') {
    const known = choices.length === 0 || choices.some((choice) => choice.value === value);
    return known
      ? undefined
      : { code: 'Q122', message: `The choice ${name} has no value ${value}.`, fix: listed };
  }
  const meant = typeof value === 'string' ? choiceOf(column, value) : undefined;
  const message = `The choice ${name} takes its number.`;
  if (meant === undefined) return { code: 'Q121', message, fix: listed };
  const fix = `Write ${meant.value}, the number of “${meant.label}”.`;
  return { code: 'Q121', message, fix, repaired: { name, value: meant.value } };
}

function pointerTo(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
