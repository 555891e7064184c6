import { principalTables } from '../../model/principals.ts';
import type { Table, TableColumn } from '../../model/table.ts';
import type { BodyTemplate, Placeholder } from '../../model/template.ts';
import type { RightsContext } from './find-table.ts';
import { ownTable } from './find-table.ts';
import { type PrivilegeNeed, rightsTo } from './need.ts';

/** A lookup that a request sets: the tables it can refer to, and the input that it comes from. */
export interface LookupWrite {
  readonly column: TableColumn;
  readonly targets: readonly string[];
  readonly input?: string;
}

/**
 * The rights that lookups need: to append the row, and to append to the row that it refers to. An owner needs the right
 * to assign instead. https://learn.microsoft.com/power-platform/admin/security-roles-privileges#table-privileges
 */
export function lookupRights(table: string, lookups: readonly LookupWrite[]): readonly PrivilegeNeed[] {
  return lookups.flatMap(({ column, targets, input }) => {
    const inputs = input === undefined ? [] : [input];
    if (isOwner(column)) return rightsTo(table, ['Assign'], ...inputs);
    return [
      ...rightsTo(table, ['Append'], ...inputs),
      ...targets.flatMap((target) => rightsTo(target, ['AppendTo'], ...inputs)),
    ];
  });
}

function isOwner({ logicalName }: TableColumn): boolean {
  return logicalName === 'ownerid';
}

/** All lookups of a table that an input can set, each under its own name. */
export function inputLookups({ columns }: Table, inputNames: readonly string[]): readonly LookupWrite[] {
  return columns.flatMap((column) => {
    if (column.type !== 'lookup' || !column.writable || !inputNames.includes(column.name)) return [];
    return [{ column, targets: targetsOf(column), input: column.name }];
  });
}

function targetsOf({ targets = [] }: TableColumn): readonly string[] {
  return targets.map(({ logicalName }) => logicalName);
}

/** The rights to write the parties of an activity: each is a row that refers to the activity and to a person. */
export function partyRights({ logicalName, parties = [] }: Table, inputNames: readonly string[]) {
  return parties
    .filter(({ name }) => inputNames.includes(name))
    .flatMap(({ name, targets }) => [
      ...rightsTo(logicalName, ['Append', 'AppendTo'], name),
      ...targets.flatMap((target) => rightsTo(target.logicalName, ['AppendTo'], name)),
    ]);
}

/** The lookups that the body of a row sets. */
export function bodyLookups(
  context: RightsContext,
  table: Table,
  value: BodyTemplate,
  inputNames: readonly string[],
): readonly LookupWrite[] {
  if (value.kind === 'placeholder') return inputLookups(table, inputNames);
  if (value.kind !== 'object') return [];
  return value.entries.flatMap(([name, member]) => {
    const column = table.columns.find((each) => each.name === name || each.logicalName === name);
    if (column?.type !== 'lookup') return [];
    const input = inputOf(member);
    const targets = literalTarget(context, member) ?? targetsOf(column);
    return [input === undefined ? { column, targets } : { column, targets, input }];
  });
}

/** The table of `{ table: case, id: … }` where the file states it. */
function literalTarget(context: RightsContext, value: BodyTemplate): readonly string[] | undefined {
  const table = value.kind === 'object' ? value.entries.find(([name]) => name === 'table')?.[1] : undefined;
  if (table?.kind !== 'literal') return undefined;
  const name = String(table.value);
  return [ownTable(context, name)?.logicalName ?? name];
}

/** The input that a whole value comes from; a value of which the input gives only the id is always written. */
function inputOf(value: BodyTemplate): string | undefined {
  return value.kind === 'placeholder' ? inputName(value.placeholder) : undefined;
}

export function inputName({ path }: Placeholder): string | undefined {
  return path[0] === 'input' ? path[1] : undefined;
}

/**
 * The rights that amounts need: a row with money refers to its currency, also if the request gives none. Our types do
 * not tell money from other numbers with decimals.
 */
export function currencyRights({ logicalName, columns }: Table, inputNames: readonly string[]) {
  return columns
    .filter(({ name, type, writable }) => type === 'decimal' && writable && inputNames.includes(name))
    .flatMap(({ name }) => [
      ...rightsTo(logicalName, ['Append'], name),
      ...rightsTo('transactioncurrency', ['AppendTo'], name),
    ]);
}

/** The tables of users and teams. */
export const owners: readonly string[] = principalTables;
