import type { Json } from '../../model/json.ts';
import type { MetadataColumn, MetadataNavigation } from '../../model/metadata.ts';
import { type Against, type BodyFault, pointerTo } from './body-fault.ts';
import { either } from './checking.ts';
import { fold } from './table-index.ts';

/** Members that bind a lookup end so. */
export const bindSuffix = '@odata.bind';

/** `{ "customerid": "…" }`: a lookup is written by binding its navigation property. */
export function lookupAsValue(
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

/** `"customerid_account@odata.bind": "/accounts(…)"`: a way that exists, and a row of the table it leads to. */
export function checkBinding(name: string, value: Json, { schema, table }: Against): BodyFault | undefined {
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
