import { joinWithOr } from '../../errors/join-with-or.ts';
import { isGuid } from '../../model/guid.ts';
import type { Json } from '../../model/json.ts';
import { toJsonPointer } from '../../model/json-pointer.ts';
import type { MetadataColumn, MetadataNavigation } from '../../model/metadata.ts';
import type { BodyCheckContext, BodyIssue } from './body-issue.ts';
import { normalizeName } from './table-index.ts';

/** Members that bind a lookup end so. */
export const bindSuffix = '@odata.bind';

/** `{ "customerid": "…" }`: a lookup is written by binding its navigation property. */
export function reportLookupValue(
  name: string,
  value: Json,
  { lookup, schema, table }: BodyCheckContext & { readonly lookup: MetadataColumn },
): BodyIssue {
  const candidates = table.table.navigations.filter(({ column }) => column === lookup.name);
  const given = candidates.find((candidate) => candidate.name === name);
  const candidate = given ?? (candidates.length === 1 ? candidates[0] : undefined);
  const set = candidate && schema.table(candidate.target)?.table.entitySet;
  const id = typeof value === 'string' && isGuid(value) ? value : undefined;
  const forms = candidates
    .slice(0, 3)
    .map((one) => `"${one.name}${bindSuffix}": "/${schema.table(one.target)?.table.entitySet || 'set'}(id)"`);
  return {
    severity: 'error',
    code: 'Q160',
    pointer: toJsonPointer(name),
    message: `${name} is a lookup: it is written by binding a row, not as a value.`,
    fix: `Write ${joinWithOr(forms)}.`,
    ...(candidate && set && id
      ? { repaired: { name: `${candidate.name}${bindSuffix}`, value: `/${set}(${id})` } }
      : {}),
  };
}

/** `"customerid_account@odata.bind": "/accounts(…)"`: a way that exists, and a row of the table it leads to. */
export function checkBinding(
  name: string,
  value: Json,
  { schema, table }: BodyCheckContext,
): BodyIssue | undefined {
  const written = name.slice(0, -bindSuffix.length);
  const sets = [value].flat().map((one) => (typeof one === 'string' ? parseEntitySet(one) : undefined));
  const navigation = table.navigation(written);
  // Activities call it ownerid_task and the like, and take the plain name as well.
  if (navigation === undefined && written === 'ownerid' && table.columnByLogicalName('ownerid'))
    return undefined;
  if (navigation === undefined) return unknownBinding(name, value, { written, set: sets[0], schema, table });
  if (value === null) return undefined;
  const target = schema.table(navigation.target)?.table;
  if (sets.includes(undefined)) {
    return {
      severity: 'error',
      code: 'Q161',
      pointer: toJsonPointer(name),
      message: `${name} takes the path of a row.`,
      fix: `Write "/${target?.entitySet || 'set'}(00000000-0000-0000-0000-000000000000)".`,
    };
  }
  const isOpen =
    target === undefined ||
    target.entitySet === '' ||
    ['principal', 'owner', 'activitypointer'].includes(target.name);
  const wrong = isOpen ? undefined : sets.find((set) => set !== target.entitySet);
  if (wrong === undefined) return undefined;
  const sister = table.table.navigations.find(
    (one) => one.column === navigation.column && schema.table(one.target)?.table.entitySet === wrong,
  );
  return {
    severity: 'error',
    code: 'Q161',
    pointer: toJsonPointer(name),
    message: `${written} binds a row of ${target!.entitySet}, not of ${wrong}.`,
    fix: sister ? `Write ${sister.name}${bindSuffix}.` : `Write "/${target!.entitySet}(…)".`,
    ...(sister ? { repaired: { name: `${sister.name}${bindSuffix}`, value } } : {}),
  };
}

function unknownBinding(
  name: string,
  value: Json,
  {
    written,
    set,
    schema,
    table,
  }: BodyCheckContext & { readonly written: string; readonly set: string | undefined },
): BodyIssue {
  const candidates = table.similarNavigations(written);
  const same = candidates.filter((candidate) => normalizeName(candidate.name) === normalizeName(written));
  const best =
    same[0] ??
    candidates.find(({ target }) => schema.table(target)?.table.entitySet === set) ??
    candidates[0];
  const column = table.columnByWireName(written);
  const message =
    column !== undefined && column.type !== 'lookup'
      ? `${written} is a plain column: it takes a value, not a row.`
      : `The table ${table.table.name} has no navigation property “${written}”; their names are case-sensitive.`;
  const names = [...new Set([best, ...candidates.filter(({ column: over }) => over === best?.column)])]
    .filter((candidate): candidate is MetadataNavigation => candidate !== undefined)
    .map((candidate) => `${candidate.name}${bindSuffix}`);
  return {
    severity: 'error',
    code: 'Q160',
    pointer: toJsonPointer(name),
    message,
    ...(best === undefined
      ? {}
      : { fix: `Write ${joinWithOr(names.slice(0, 3))}.`, repaired: { name: names[0]!, value } }),
  };
}

/** `/accounts(…)`, `accounts(…)`, `https://…/accounts(…)`, `$1` of a change set. */
function parseEntitySet(path: string): string | undefined {
  if (/^\$\d+$/.test(path)) return '$';
  return /(?:^|\/)([A-Za-z_]\w*)\([^()]+\)$/.exec(path)?.[1];
}
