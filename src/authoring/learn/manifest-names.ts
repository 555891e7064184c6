import { type ManifestSources, readSources } from '../../manifest/compile-manifest.ts';
import type { MergedTable } from '../../manifest/read/merge-tables.ts';
import type { MetadataTable, MetadataTableSummary } from '../../model/metadata.ts';
import type { TableNames } from './learned-column.ts';
import { logicalNameOf } from './learned-table.ts';
import { chooseName, tableNames } from './names.ts';

/** The names that a manifest and its bases have. */
export interface ManifestNames extends TableNames {
  readonly bases: ReadonlyMap<string, MergedTable>;
  readonly vocabulary: ReadonlyMap<string, string>;
  readonly reservedNames: ReadonlySet<string>;
}

interface NamesOptions {
  readonly sources: ManifestSources;
  readonly tables: readonly MetadataTable[];
  readonly summaries: readonly MetadataTableSummary[];
}

/** Lists the names of a manifest, and chooses those of the tables to learn that have none. */
export function readManifestNames({ sources, tables, summaries }: NamesOptions): ManifestNames {
  const { packages, context } = sources;
  const { tables: base } = readSources(packages.slice(0, -1), context.validator);
  return {
    bases: new Map(base.map((table) => [table.yaml['x-table'].name, table])),
    ours: nameTables(tables, summaries, sources),
    entitySets: new Map(summaries.map(({ name, entitySet }) => [name, entitySet])),
    vocabulary: readVocabulary(base),
    reservedNames: readReservedNames(sources),
  };
}

/** Our name of each table, by its logical name. */
function nameTables(
  tables: readonly MetadataTable[],
  summaries: readonly MetadataTableSummary[],
  { tables: present, actions, triggers }: ManifestSources,
): ReadonlyMap<string, string> {
  const ours = new Map(present.map(({ name, yaml }) => [yaml['x-table'].name, name]));
  // The name of a table begins the ids of its operations, and the name of a standard table is its own.
  const taken = new Set([
    ...present.map(({ name }) => name),
    ...[...actions, ...triggers].map(({ id }) => id.split('.')[0] ?? ''),
  ]);
  const standard = new Set(summaries.map(({ name }) => name));
  for (const table of [...tables].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (ours.has(table.name)) continue;
    const isTaken = (name: string) => taken.has(name) || (standard.has(name) && name !== table.name);
    const name = chooseName(tableNames(table), isTaken);
    taken.add(name);
    ours.set(table.name, name);
  }
  return ours;
}

/** The inputs of actions that also have the columns of a table as inputs. */
function readReservedNames({ actions }: ManifestSources): ReadonlySet<string> {
  const withColumns = actions.filter(
    ({ yaml }) => yaml.input?.columns !== undefined || yaml.request?.filters !== undefined,
  );
  const inputs = withColumns.flatMap(({ yaml }) => Object.keys(yaml.input?.properties ?? {}));
  return new Set([
    ...['constructor', 'columns', 'customColumns', 'expand', 'expanded', 'matchOn'],
    ...inputs.filter((name) => name !== 'id'),
  ]);
}

/** The columns that several tables of the base have under one name: `createdon` -> createdOn. */
function readVocabulary(tables: readonly MergedTable[]): ReadonlyMap<string, string> {
  const columns = tables.flatMap(({ columns: all }) =>
    [...all].flatMap(([name, { yaml }]) => {
      const logicalName = logicalNameOf(yaml);
      return logicalName === undefined ? [] : [{ logicalName, name }];
    }),
  );
  const byColumn = Map.groupBy(columns, ({ logicalName }) => logicalName);
  return new Map(
    [...byColumn].flatMap(([logicalName, uses]) => {
      const [first] = uses;
      const isShared = uses.length > 1 && uses.every(({ name }) => name === first?.name);
      return isShared && first !== undefined ? [[logicalName, first.name] as const] : [];
    }),
  );
}
