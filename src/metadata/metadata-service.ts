import { ConnectorError } from '../errors/connector-error.ts';
import type { MetadataOperations, MetadataTable, MetadataTableSummary } from '../model/metadata.ts';
import { isPrincipalTable } from '../model/principals.ts';
import { createMetadataCache, type MetadataEntry, type MetadataServiceOptions } from './metadata-cache.ts';
import { metadataDocumentPath, tableListPath, tablePaths } from './metadata-paths.ts';
import type { WireAttribute, WireTable, WireTableNames } from './wire-types.ts';

/** A source of metadata: the organization, or a snapshot of it. */
export interface MetadataSource {
  /** The origin of the environment: `https://contoso.crm.dynamics.com`. */
  readonly origin: string;
  /** True for a source that may lack tables of the organization. */
  readonly isPartial?: true;
  /** The names of all tables. */
  listTables(): Promise<readonly MetadataTableSummary[]>;
  /** One table by its logical name; undefined if it does not exist. */
  getTable(logicalName: string): Promise<MetadataTable | undefined>;
  /** All actions and functions; undefined if the source does not have them. */
  getOperations(): Promise<MetadataOperations | undefined>;
  /**
   * Compares the version of the metadata now, and reads outdated tables again when they are next needed. To be called
   * before something is refused because of metadata. Absent if the source never changes.
   *
   * @returns whether something that was read before may be different now
   */
  revalidate?(): Promise<boolean>;
}

/** Creates a source that reads each table when it is first needed and keeps it in the store. */
export function createMetadataService(options: MetadataServiceOptions): MetadataSource {
  const cache = createMetadataCache(options);
  const table = async (logicalName: string): Promise<MetadataTable | undefined> => {
    if (!/^[a-z_][a-z0-9_]{0,127}$/.test(logicalName)) return undefined;
    const readEntry = () => readTableEntry(options, logicalName, table);
    return (await cache.get(`table/${logicalName}`, readEntry)).table ?? undefined;
  };

  return {
    origin: options.origin,
    getTable: table,
    revalidate: cache.revalidate,
    async listTables() {
      return (await cache.get('names', () => readTableList(options))).tables ?? [];
    },
    async getOperations() {
      return (await cache.get('operations', () => readOperationsEntry(options))).operations;
    },
  };
}

async function readTableList({ read }: MetadataServiceOptions): Promise<MetadataEntry> {
  const { readTableSummary } = await import('./read-table.ts');
  const { value } = (await read(tableListPath)) as unknown as { value: readonly WireTableNames[] };
  return { tables: value.flatMap((wire) => readTableSummary(wire) ?? []) };
}

async function readOperationsEntry({ read }: MetadataServiceOptions): Promise<MetadataEntry> {
  // The XML parser is loaded for this document only.
  const { readOperations } = await import('../odata/operations/read-operations.ts');
  const operations = readOperations(String(await read(metadataDocumentPath)));
  return operations === undefined ? {} : { operations };
}

async function readTableEntry(
  { read }: MetadataServiceOptions,
  logicalName: string,
  table: MetadataSource['getTable'],
): Promise<MetadataEntry> {
  const [first, ...rest] = tablePaths(logicalName);
  try {
    const [definition, ...details] = await Promise.all([first, ...rest].map(read));
    const wire = definition as unknown as WireTable;
    const columns = details.flatMap(
      (detail) => (detail as unknown as { value: readonly WireAttribute[] }).value,
    );
    const { readTable } = await import('./read-table.ts');
    const own = readTable(wire, columns);
    const base = findBaseTable(wire);
    return { table: base === undefined ? own : inheritNavigations(own, await table(base)) };
  } catch (error) {
    const missing = error instanceof ConnectorError && error.details.status === 404;
    if (missing) return { table: null };
    throw error;
  }
}

/** The base table, whose navigation properties a table inherits: activitypointer for activities, owner for users and teams. */
function findBaseTable({ LogicalName: name, IsActivity }: WireTable): string | undefined {
  if (isPrincipalTable(name)) return 'owner';
  return IsActivity === true && name !== 'activitypointer' ? 'activitypointer' : undefined;
}

function inheritNavigations(own: MetadataTable, base: MetadataTable | undefined): MetadataTable {
  const known = new Set(own.navigations.map(({ name }) => name));
  const more = base?.navigations.filter(({ name }) => !known.has(name)) ?? [];
  return { ...own, navigations: [...own.navigations, ...more] };
}
