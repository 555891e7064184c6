import { didYouMean } from '../../errors/did-you-mean.ts';
import { joinWithOr } from '../../errors/join-with-or.ts';
import type { Issue } from '../../model/diagnostic.ts';
import type { Expand, ExpandedRows } from '../../model/expand.ts';
import { isJsonArray, isJsonObject, type Json } from '../../model/json.ts';
import { toJsonPointer } from '../../model/json-pointer.ts';
import { isPrincipalTable, owningColumn, principalKey } from '../../model/principals.ts';
import type { ExpandedTable, LookupTarget, Table, TableColumn } from '../../model/table.ts';
import { maxExpands } from '../limits.ts';

/** What `expand` stands for, and everything that is wrong with it. */
export interface ResolvedExpand {
  readonly expanded: readonly ExpandedTable[];
  readonly issues: readonly Issue[];
}

/** A table that a lookup or collection refers to, by our name and its logical name. */
export type ExpandTarget = Pick<LookupTarget, 'table' | 'logicalName' | 'navigation'>;

/** Finds the table that a lookup or collection of `from` refers to. Undefined if it is not known. */
export type FindTable = (target: ExpandTarget, from: Table) => Table | undefined;

/**
 * Resolves the names in `expand`: lookups and collections of the table, and columns of the other tables. A lookup with
 * several tables is expanded to each of them that has one of the columns; a navigation property names one of them.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/join-tables
 *
 * @param path where `expand` is, for the paths of issues
 */
export function resolveExpand(table: Table, expand: Expand, findTable: FindTable, path = ''): ResolvedExpand {
  const resolver = new ExpandResolver(findTable);
  const expanded = resolver.resolve(table, expand, path);
  const count = countExpanded(expanded);
  if (count > maxExpands) {
    const message = `has ${count} expands, one for each table of a lookup; Dataverse accepts ${maxExpands}. The name of a navigation property stands for one table`;
    resolver.issues.push({ path, message, keyword: 'expand' });
  }
  return { expanded, issues: resolver.issues };
}

function countExpanded(expanded: readonly ExpandedTable[] = []): number {
  return expanded.reduce((count, { table }) => count + 1 + countExpanded(table.expanded), 0);
}

/** The value of one name: the columns, or an object with the columns and further rows. */
function readRows(given: unknown): Required<ExpandedRows> {
  const { columns = null, expand = null } = isJsonObject(given) ? given : { columns: given as Json };
  return {
    columns: isJsonArray(columns) ? columns.map(String) : [],
    expand: isJsonObject(expand) ? (expand as unknown as Expand) : {},
  };
}

class ExpandResolver {
  readonly issues: Issue[] = [];
  readonly #findTable: FindTable;

  constructor(findTable: FindTable) {
    this.#findTable = findTable;
  }

  resolve(table: Table, expand: Expand, path: string, depth = 0): readonly ExpandedTable[] {
    const names = Object.keys(expand);
    return names.flatMap((name) => {
      const at = path + toJsonPointer(name);
      const rows = readRows(expand[name] ?? []);
      const collection = table.collections?.find((candidate) => candidate.name === name);
      if (
        collection?.isManyToMany === true &&
        (depth > 0 || names.length > 1 || Object.keys(rows.expand).length > 0)
      )
        this.#report(at, 'is a many-to-many relationship, which cannot be expanded together with others');
      const isCollection = collection !== undefined;
      const targets = isCollection ? [collection] : lookupTargets(table, name);
      if (targets !== undefined)
        return this.#expandTargets(targets, { from: table, name, rows, isCollection, path: at, depth });
      this.#report(at, `is not a lookup or collection of the table ${table.title}${similarTo(name, table)}`);
      return [];
    });
  }

  #expandTargets(
    targets: readonly ExpandTarget[],
    { from, name, rows, isCollection, path, depth }: ExpandContext,
  ): readonly ExpandedTable[] {
    if (targets.length === 0) this.#report(path, 'refers to no table whose rows can be read');
    const tables = targets.flatMap((target) => {
      const table = this.#findTable(target, from);
      if (table === undefined)
        this.#report(path, `needs the columns of ${target.table}, which are not known`, 'table');
      return table === undefined ? [] : [{ navigation: target.navigation, table }];
    });
    if (tables.length < targets.length || targets.length === 0) return [];
    this.#checkColumns(
      rows,
      tables.map(({ table }) => table),
      path,
    );
    return tables.flatMap(({ navigation, table }) => {
      const columns = rows.columns.filter((column) => hasColumn(table, column));
      const own = Object.fromEntries(
        Object.entries(rows.expand).filter(([nested]) => tables.length === 1 || canExpand(table, nested)),
      );
      if (columns.length === 0 && Object.keys(own).length === 0) return [];
      const inner = this.resolve(table, own, `${path}/expand`, depth + 1);
      const expanded = inner.length > 0 ? inner : undefined;
      const selected = ['id', ...columns];
      return [{ name, navigation, isCollection, table: { ...table, selected, expanded } }];
    });
  }

  /** Every column must be one of a table that the name stands for. */
  #checkColumns({ columns }: Required<ExpandedRows>, tables: readonly Table[], path: string): void {
    if (columns.length === 0) this.#report(path, 'must have at least one column');
    for (const [at, column] of columns.entries()) {
      if (tables.some((table) => hasColumn(table, column))) continue;
      const known = tables.flatMap((table) => table.columns.map(({ name }) => name));
      const names = joinWithOr([...new Set(tables.map(({ title }) => title))]);
      const message = `is not a column of the table ${names}: "${column}"${didYouMean(column, known)}`;
      this.#report(path + toJsonPointer(at), message, 'column');
    }
  }

  #report(path: string, message: string, keyword: 'expand' | 'column' | 'table' = 'expand'): void {
    this.issues.push({ path, message, keyword });
  }
}

interface ExpandContext {
  readonly from: Table;
  readonly name: string;
  readonly rows: Required<ExpandedRows>;
  readonly isCollection: boolean;
  readonly path: string;
  readonly depth: number;
}

function hasColumn({ columns }: Table, name: string): boolean {
  return columns.some((column) => column.name === name);
}

function canExpand({ columns, collections = [] }: Table, name: string): boolean {
  const isLookup = columns.some((column) => column.name === name && column.type === 'lookup');
  return isLookup || collections.some((collection) => collection.name === name);
}

function similarTo(name: string, { columns, collections = [] }: Table): string {
  const lookups = columns.filter(({ type }) => type === 'lookup');
  return didYouMean(
    name,
    [...lookups, ...collections].map((one) => one.name),
  );
}

/** The tables of a lookup by its name; the one of a navigation property by the name of that. */
function lookupTargets({ columns }: Table, name: string): readonly ExpandTarget[] | undefined {
  const column = columns.find((candidate) => candidate.name === name && candidate.type === 'lookup');
  if (column !== undefined) return navigationsOf(column);
  const all = columns.flatMap(({ targets = [] }) => targets);
  const target = all.find(({ navigation }) => navigation === name);
  return target && [target];
}

/** An owner is read by the columns for users and teams. Some tables have none for teams, such as queue items. */
function navigationsOf({ logicalName, targets = [] }: TableColumn): readonly LookupTarget[] {
  if (logicalName !== principalKey) return targets;
  return targets.flatMap((target) => {
    if (!isPrincipalTable(target.logicalName)) return [target];
    const { readBy = owningColumn(target.logicalName) } = target;
    return readBy === null ? [] : [{ ...target, navigation: readBy }];
  });
}
