import type { MergedTable } from '../../manifest/read/merge-tables.ts';
import type { PropertyYaml, TableFileYaml } from '../../manifest/read/yaml-types.ts';
import { isRequired } from '../../metadata/build-table-schema.ts';
import type { MetadataColumn, MetadataTable } from '../../model/metadata.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { labelChoices, type TableNames, toLearnedColumn, toTitle } from './learned-column.ts';
import { chooseName, columnNames, isCustomName } from './names.ts';

/** What a table is learned with. */
export interface TableContext {
  readonly names: TableNames;
  /** The table of the connector that is extended, if it has it: only what is new is learned. */
  readonly base?: MergedTable;
  /** What the author has now, and what was learned last: their names stay. */
  readonly own?: TableFileYaml;
  readonly last?: TableFileYaml;
  /** Our names of columns that many tables have: `createdon` -> createdOn. */
  readonly vocabulary: ReadonlyMap<string, string>;
  /** Names that operations use for inputs of their own. */
  readonly reservedNames: ReadonlySet<string>;
}

/** A table as a file has it, and the columns that were left out. */
export interface LearnedTable {
  readonly yaml: TableFileYaml;
  readonly leftOut: readonly MetadataColumn[];
}

/** The logical name of a column of a table file; undefined for what is no column. */
export function logicalNameOf(column: PropertyYaml): string | undefined {
  return column['x-lookup']?.column ?? column['x-column'];
}

/** Writes a table of the organization as a table file: the whole table, or what it adds to that of the base. */
export function toLearnedTable(table: MetadataTable, context: TableContext): LearnedTable {
  const { base } = context;
  const known = new Map(
    [...(base?.columns ?? [])].flatMap(([name, { yaml }]) => {
      const logicalName = logicalNameOf(yaml);
      return logicalName === undefined ? [] : [[logicalName, name] as const];
    }),
  );
  const present = new Set(table.columns.map(({ name }) => name));
  const wanted = inReadingOrder(table).filter(
    ({ name }) => !known.has(name) && (base === undefined || isCustomName(name, present)),
  );
  const names = nameColumns(wanted, table, context);
  const columns = wanted.map((column) => ({
    column,
    name: names.get(column.name) ?? column.name,
    yaml: toLearnedColumn(column, {
      table,
      names: context.names,
      labels: findColumn(context, column.name)?.['x-choices'],
      isFilter: isFilter(column, table),
      isSearched: column.type === 'string' && (column.name === table.primaryName || isKey(column, table)),
    }),
  }));
  const learned = columns.flatMap(({ column, name, yaml }) =>
    yaml === undefined ? [] : [{ column, name, yaml }],
  );
  const ourNames = new Map([...known, ...learned.map(({ column, name }) => [column.name, name] as const)]);
  const properties = {
    ...learnChoices(table, context),
    ...Object.fromEntries(learned.map(({ name, yaml }) => [name, yaml])),
  };
  const required = learned.flatMap(({ column, name, yaml }) =>
    isRequired(column) && yaml.readOnly !== true ? [name] : [],
  );
  return {
    yaml: { ...toHeader(table, required, base), ...toKeys(table, ourNames, base), properties },
    leftOut: columns.filter(({ yaml }) => yaml === undefined).map(({ column }) => column),
  };
}

/** The id and the name of a row come first. */
function inReadingOrder({ columns, key, primaryName }: MetadataTable): readonly MetadataColumn[] {
  const keys = columns.filter(({ name }) => name === key);
  // The metadata of some tables does not list it.
  const id: MetadataColumn = { name: key, title: 'Id', type: 'uuid' };
  const first = keys.length > 0 ? keys : [id];
  const second = columns.filter(({ name }) => name === primaryName && name !== key);
  return [
    ...first,
    ...second,
    ...columns.filter((column) => !first.includes(column) && !second.includes(column)),
  ];
}

function toHeader(
  table: MetadataTable,
  required: readonly string[],
  base: MergedTable | undefined,
): TableFileYaml {
  if (base !== undefined) return required.length > 0 ? { required } : {};
  const { name, entitySet, key, primaryName = key } = table;
  return {
    'x-table': { name, entitySet, key, primaryName, plural: toTitle(table.plural, entitySet) },
    title: toTitle(table.title, name),
    description: `The table ${name} of the organization.`,
    required,
    operations: 'all',
  };
}

/** The alternate keys whose columns are all there. */
function toKeys(
  { alternateKeys }: MetadataTable,
  present: ReadonlyMap<string, string>,
  base: MergedTable | undefined,
): Pick<TableFileYaml, 'keys'> {
  const keyOf = (names: readonly string[]) => JSON.stringify([...names].sort());
  const known = (base?.yaml.keys ?? []).map(keyOf);
  const keys = alternateKeys
    .map((key) => key.flatMap((column) => present.get(column) ?? []))
    .filter((names, index) => names.length === alternateKeys[index]?.length && !known.includes(keyOf(names)));
  return keys.length > 0 ? { keys } : {};
}

/** The choices of columns of the base that the organization has added. */
function learnChoices(table: MetadataTable, context: TableContext): Record<string, PropertyYaml> {
  const entries = [...(context.base?.columns ?? [])].flatMap(([name, { yaml }]) => {
    const known = yaml['x-choices'];
    const { choices = [] } = table.columns.find((column) => column.name === yaml['x-column']) ?? {};
    const numbers = Object.values(known ?? {});
    const added = choices.filter(({ value }) => !numbers.includes(value));
    if (known === undefined || added.length === 0) return [];
    const own = {
      ...context.last?.properties?.[name]?.['x-choices'],
      ...context.own?.properties?.[name]?.['x-choices'],
    };
    return [
      [name, { 'x-choices': labelChoices(added, { ...known, ...withoutNumbers(own, numbers) }) }] as const,
    ];
  });
  return Object.fromEntries(entries);
}

function withoutNumbers(
  labels: Readonly<Record<string, number>>,
  numbers: readonly number[],
): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => !numbers.includes(value)));
}

/** Our name of each column. Names that the author or the last run has given stay. */
function nameColumns(
  columns: readonly MetadataColumn[],
  { key }: MetadataTable,
  context: TableContext,
): ReadonlyMap<string, string> {
  const { own, last, base, vocabulary, reservedNames } = context;
  const taken = new Set([
    ...reservedNames,
    ...(base?.columns.keys() ?? []),
    ...Object.keys(own?.properties ?? {}),
  ]);
  const names = new Map<string, string>();
  const setName = (column: string, name: string) => {
    names.set(column, name);
    taken.add(name);
  };
  for (const { name } of columns) {
    const given = findName(own, name);
    if (given !== undefined) setName(name, given);
  }
  for (const { name } of columns) {
    const given = findName(last, name);
    if (given !== undefined && !names.has(name) && !taken.has(given)) setName(name, given);
  }
  // The columns that every table has get their names first: a custom column "status" does not take that of statuscode.
  const bestOf = (name: string) => (name === key ? 'id' : vocabulary.get(name));
  const sorted = [...columns].sort((a, b) => (a.name < b.name ? -1 : 1));
  const isStandard = ({ name }: MetadataColumn) => bestOf(name) !== undefined;
  for (const column of [...sorted.filter(isStandard), ...sorted.filter((one) => !isStandard(one))]) {
    if (names.has(column.name)) continue;
    const best = bestOf(column.name);
    const isTaken = (name: string) => taken.has(name) || (column.name !== key && name === 'id');
    setName(
      column.name,
      chooseName([...(best === undefined ? [] : [best]), ...columnNames(column)], isTaken),
    );
  }
  return names;
}

function findName(yaml: TableFileYaml | undefined, column: string): string | undefined {
  return Object.entries(yaml?.properties ?? {}).find(([, one]) => logicalNameOf(one) === column)?.[0];
}

/** The column as the author has it now, or as it was learned last. */
function findColumn({ own, last }: TableContext, column: string): PropertyYaml | undefined {
  const name = findName(own, column);
  if (name !== undefined) return own?.properties?.[name];
  return last?.properties?.[findName(last, column) ?? ''];
}

function isKey({ name }: MetadataColumn, { alternateKeys }: MetadataTable): boolean {
  return alternateKeys.some((key) => key.includes(name));
}

/** Lists are filtered by state, owner, choices, lookups and keys; not by columns that Dataverse keeps for itself. */
function isFilter(column: MetadataColumn, table: MetadataTable): boolean {
  if (['statecode', 'statuscode', 'ownerid'].includes(column.name)) return true;
  if (column.creatable === false && column.updatable === false) return false;
  if (isKey(column, table)) return column.type !== 'date-time';
  return isCustomName(column.name) && (column.type === 'choice' || column.type === 'lookup');
}

/** What the author has, or what was learned, with the names that a table has now: the same column has one name. */
export function alignNames(yaml: TableFileYaml, next: TableFileYaml): TableFileYaml {
  const entries = Object.entries(yaml.properties ?? {});
  const renamed = new Map(
    entries.map(([name, column]) => [name, findName(next, logicalNameOf(column) ?? '') ?? name] as const),
  );
  const rename = (name: string) => renamed.get(name) ?? name;
  return omitUndefined({
    ...yaml,
    required: yaml.required?.map(rename),
    keys: yaml.keys?.map((key) => key.map(rename)),
    properties: Object.fromEntries(
      entries.map(([name, column]) => [rename(name), alignLabels(column, next.properties?.[rename(name)])]),
    ),
  });
}

/** One number has one label: that which it has now. */
function alignLabels(column: PropertyYaml, next: PropertyYaml | undefined): PropertyYaml {
  const { 'x-choices': choices } = column;
  const now = Object.entries(next?.['x-choices'] ?? {});
  if (choices === undefined) return column;
  const labels = Object.entries(choices).map(([label, value]) => [
    now.find((one) => one[1] === value)?.[0] ?? label,
    value,
  ]);
  return { ...column, 'x-choices': Object.fromEntries(labels) };
}
