import { suggest } from '../../errors/suggest.ts';
import type { MetadataColumn, MetadataNavigation, MetadataTable } from '../../model/metadata.ts';
import { isPrincipalTable, principalKey } from '../../model/principals.ts';
import { toLogicalName, toWireName } from '../wire-name.ts';

/** The tables that are known; undefined for one that is not (yet), about which nothing is said then. */
export interface MetadataSchema {
  table(logicalName: string): TableIndex | undefined;
}

/** A table with its names ready for looking up. */
export interface TableIndex {
  readonly table: MetadataTable;
  /** By what stands in queries and rows: `prioritycode`, `_customerid_value`. */
  columnByWireName(wire: string): MetadataColumn | undefined;
  /** By logical name: `customerid`. */
  columnByLogicalName(name: string): MetadataColumn | undefined;
  navigation(name: string): MetadataNavigation | undefined;
  /** Columns that a wrong name may mean, best first. */
  similarColumns(wrong: string): readonly MetadataColumn[];
  /** Navigation properties that a wrong name may mean, best first. */
  similarNavigations(wrong: string): readonly MetadataNavigation[];
}

/** A name or label without what people write differently: case, blanks, underscores, punctuation. */
export function normalizeName(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** The id of a user or team under the name that it has as an owner; their metadata does not list it. */
const principalId: MetadataColumn = { name: principalKey, title: 'Owner', type: 'uuid' };

/** Puts the names of a table in order. */
export function indexTable(given: MetadataTable): TableIndex {
  const lacksPrincipalId =
    isPrincipalTable(given.name) && !given.columns.some(({ name }) => name === principalKey);
  const table = lacksPrincipalId ? { ...given, columns: [...given.columns, principalId] } : given;
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const byWire = new Map(table.columns.map((column) => [toWireName(column), column]));
  const navigations = new Map(table.navigations.map((navigation) => [navigation.name, navigation]));
  return {
    table,
    columnByWireName: (wire) => byWire.get(wire),
    columnByLogicalName: (name) => byName.get(name),
    navigation: (name) => navigations.get(name),
    similarColumns: memoize((wrong) => findSimilarColumns(table.columns, wrong)),
    similarNavigations: memoize((wrong) => findSimilarNavigations(table, wrong)),
  };
}

/** Repairs are tried by the dozen, and the same wrong name is looked up in each trial. */
function memoize<T>(find: (wrong: string) => T): (wrong: string) => T {
  const found = new Map<string, T>();
  return (wrong) => {
    const known = found.get(wrong);
    if (known !== undefined) return known;
    if (found.size >= 100) found.clear();
    const fresh = find(wrong);
    found.set(wrong, fresh);
    return fresh;
  };
}

/** The same name but for case or blanks; then the same display name; then names and display names that are near. */
function findSimilarColumns(columns: readonly MetadataColumn[], wrong: string): readonly MetadataColumn[] {
  const folded = normalizeName(toLogicalName(wrong));
  const same = columns.filter(({ name }) => normalizeName(name) === folded);
  const titled = columns.filter(({ title }) => normalizeName(title) === folded);
  const near = suggest(wrong, columns.map(toWireName), 5).map(
    (wire) => columns.find((c) => toWireName(c) === wire)!,
  );
  const named = suggest(
    wrong,
    columns.map(({ name }) => name),
    5,
  ).map((name) => columns.find((c) => c.name === name)!);
  const meant = suggest(
    folded,
    columns.map(({ title }) => normalizeName(title)),
    3,
  )
    .flatMap((title) => columns.filter((column) => normalizeName(column.title) === title))
    .slice(0, 3);
  return [...new Set([...same, ...titled, ...near, ...named, ...meant])];
}

/** As with columns; a lookup's own name or display name stands for the ways that lead over it. */
function findSimilarNavigations(table: MetadataTable, wrong: string): readonly MetadataNavigation[] {
  const folded = normalizeName(wrong);
  const { navigations, columns } = table;
  const same = navigations.filter(({ name }) => normalizeName(name) === folded);
  const over = columns.filter(
    ({ name, title, type }) =>
      type === 'lookup' &&
      [name, title, toWireName({ name, type }), name.replace(/id$/, '')].some(
        (word) => normalizeName(word) === folded,
      ),
  );
  const through = over.flatMap(({ name }) => navigations.filter(({ column }) => column === name));
  const aimed = navigations.filter(
    ({ target, kind }) => kind !== 'manyToOne' && normalizeName(target) === folded.replace(/s$/, ''),
  );
  const near = suggest(
    wrong,
    navigations.map(({ name }) => name),
    5,
  ).map((name) => navigations.find((navigation) => navigation.name === name)!);
  return [...new Set([...same, ...through, ...near, ...aimed])];
}
