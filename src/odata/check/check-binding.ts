import { joinWithOr } from '../../errors/join-with-or.ts';
import { isGuid } from '../../model/guid.ts';
import type { Json } from '../../model/json.ts';
import { toJsonPointer } from '../../model/json-pointer.ts';
import type { MetadataColumn, MetadataNavigation } from '../../model/metadata.ts';
import type { BodyCheckContext, BodyIssue } from './body-issue.ts';
import { normalizeName } from './table-index.ts';

const baseTables = ['principal', 'owner', 'activitypointer'];

/** The suffix of members that bind a lookup. */
export const bindSuffix = '@odata.bind';

/** Reports `{ "customerid": "…" }`: a lookup is set by binding its navigation property. */
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
    message: `${name} is a lookup: it is set by binding a row, not by a value.`,
    fix: `Write ${joinWithOr(forms)}.`,
    repaired:
      candidate && set && id
        ? { name: `${candidate.name}${bindSuffix}`, value: `/${set}(${id})` }
        : undefined,
  };
}

/** Checks `"customerid_account@odata.bind": "/accounts(…)"`: the navigation property exists, and the row is of its table. */
export function checkBinding(
  name: string,
  value: Json,
  { schema, table }: BodyCheckContext,
): BodyIssue | undefined {
  const written = name.slice(0, -bindSuffix.length);
  const sets = [value].flat().map((one) => (typeof one === 'string' ? parseEntitySet(one) : undefined));
  const navigation = table.navigation(written);
  // The navigation property of activities is ownerid_task, for example, but ownerid is accepted as well.
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
      message: `${name} must be the path of a row.`,
      fix: `Write "/${target?.entitySet || 'set'}(00000000-0000-0000-0000-000000000000)".`,
    };
  }
  // Rows of several tables are allowed for a base table; without metadata any row is allowed.
  const isOpen = target === undefined || target.entitySet === '' || baseTables.includes(target.name);
  const wrong = isOpen ? undefined : sets.find((set) => set !== target.entitySet);
  if (target === undefined || wrong === undefined) return undefined;
  const other = table.table.navigations.find(
    (one) => one.column === navigation.column && schema.table(one.target)?.table.entitySet === wrong,
  );
  return {
    severity: 'error',
    code: 'Q161',
    pointer: toJsonPointer(name),
    message: `${written} binds a row of ${target.entitySet}, not of ${wrong}.`,
    fix: other ? `Write ${other.name}${bindSuffix}.` : `Write "/${target.entitySet}(…)".`,
    repaired: other && { name: `${other.name}${bindSuffix}`, value },
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
      ? `${written} is a column: it has a value, not a row.`
      : `The table ${table.table.name} has no navigation property “${written}”; their names are case-sensitive.`;
  const names = [...new Set([best, ...candidates.filter(({ column: over }) => over === best?.column)])]
    .filter((candidate): candidate is MetadataNavigation => candidate !== undefined)
    .map((candidate) => `${candidate.name}${bindSuffix}`);
  const [firstName] = names;
  return {
    severity: 'error',
    code: 'Q160',
    pointer: toJsonPointer(name),
    message,
    fix: firstName === undefined ? undefined : `Write ${joinWithOr(names.slice(0, 3))}.`,
    repaired: firstName === undefined ? undefined : { name: firstName, value },
  };
}

/** The entity set in `/accounts(…)`, `accounts(…)` or `https://…/accounts(…)`; `$` for a reference (`$1`) in a change set. */
function parseEntitySet(path: string): string | undefined {
  if (/^\$\d+$/.test(path)) return '$';
  return /(?:^|\/)([A-Za-z_]\w*)\([^()]+\)$/.exec(path)?.[1];
}
