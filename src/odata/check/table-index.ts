import { suggest } from '../../errors/suggest.ts';
import type { MetadataColumn, MetadataNavigation, MetadataTable } from '../../model/metadata.ts';
import { isPrincipalTable, principalKey } from '../../model/principals.ts';
import { toLogicalName, toWireName } from '../wire-name.ts';

/** The tables whose metadata is known. Names of unknown tables are not checked. */
export interface MetadataSchema {
  table(logicalName: string): TableIndex | undefined;
  /** Tables with similar names, if the organization has no table of this name; undefined if it has, or may have. */
  similarTables?(logicalName: string): readonly string[] | undefined;
}

/** A table with indexes for its names. */
export interface TableIndex {
  readonly table: MetadataTable;
  /** By the name in queries and rows: `prioritycode`, `_customerid_value`. */
  columnByWireName(wire: string): MetadataColumn | undefined;
  /** By logical name: `customerid`. */
  columnByLogicalName(name: string): MetadataColumn | undefined;
  navigation(name: string): MetadataNavigation | undefined;
  /** Whether a name is a companion of a column, with its text or type, which only FetchXML can use: `customeridname`. */
  isCompanion(name: string): boolean;
  /** Columns with similar names, the most similar first. */
  similarColumns(wrong: string): readonly MetadataColumn[];
  /** Navigation properties with similar names, the most similar first. */
  similarNavigations(wrong: string): readonly MetadataNavigation[];
}

/** A name or label in lower case, without spaces, underscores and punctuation. */
export function normalizeName(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** The id of a user or team under the name that it has as an owner; their metadata does not list it. */
const principalId: MetadataColumn = { name: principalKey, title: 'Owner', type: 'uuid' };

/** Indexes the names of a table. */
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
    isCompanion: (name) =>
      (table.companions?.includes(name) ?? false) ||
      isRegularCompanion(name, (base) => byName.get(base)?.type),
    similarColumns: memoize((wrong) => findSimilarColumns(table.columns, wrong)),
    similarNavigations: memoize((wrong) => findSimilarNavigations(table, wrong)),
  };
}

/** Whether a name is that of a column with `name`, `yominame` or `type` behind it. */
export function isRegularCompanion(
  name: string,
  typeOf: (column: string) => MetadataColumn['type'] | undefined,
): boolean {
  const [, base = ''] = /^(.+?)(?:yominame|name|type)$/.exec(name) ?? [];
  return ['lookup', 'choice', 'choices', 'boolean'].includes(typeOf(base) ?? '');
}

/** Keeps the results for the last wrong names: each of the many repairs that are tried looks up the same name. */
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

/** Columns whose name differs only in case or spaces; then those with the same display name; then similar names. */
function findSimilarColumns(columns: readonly MetadataColumn[], wrong: string): readonly MetadataColumn[] {
  const folded = normalizeName(toLogicalName(wrong));
  const same = columns.filter(({ name }) => normalizeName(name) === folded);
  const titled = columns.filter(({ title }) => normalizeName(title) === folded);
  const near = suggest(wrong, columns.map(toWireName), 5).flatMap((wire) =>
    columns.filter((column) => toWireName(column) === wire),
  );
  const named = suggest(
    wrong,
    columns.map(({ name }) => name),
    5,
  ).flatMap((name) => columns.filter((column) => column.name === name));
  const meant = suggest(
    folded,
    columns.map(({ title }) => normalizeName(title)),
    3,
  )
    .flatMap((title) => columns.filter((column) => normalizeName(column.title) === title))
    .slice(0, 3);
  return [...new Set([...same, ...titled, ...near, ...named, ...meant])];
}

/** Finds navigation properties in the same way. The name of a lookup also finds its navigation properties. */
function findSimilarNavigations(table: MetadataTable, wrong: string): readonly MetadataNavigation[] {
  const folded = normalizeName(wrong);
  const { navigations, columns } = table;
  const same = navigations.filter(({ name }) => normalizeName(name) === folded);
  const lookups = columns.filter(
    ({ name, title, type }) =>
      type === 'lookup' &&
      [name, title, toWireName({ name, type }), name.replace(/id$/, '')].some(
        (word) => normalizeName(word) === folded,
      ),
  );
  const ofLookup = lookups.flatMap(({ name }) => navigations.filter(({ column }) => column === name));
  const toTable = navigations.filter(
    ({ target, kind }) => kind !== 'manyToOne' && normalizeName(target) === folded.replace(/s$/, ''),
  );
  const near = suggest(
    wrong,
    navigations.map(({ name }) => name),
    5,
  ).flatMap((name) => navigations.filter((navigation) => navigation.name === name));
  return [...new Set([...same, ...ofLookup, ...near, ...toTable])];
}
