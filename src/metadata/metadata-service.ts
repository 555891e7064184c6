import { ConnectorError } from '../errors/connector-error.ts';
import type { MetadataOperations, MetadataTable, MetadataTableSummary } from '../model/metadata.ts';
import { isPrincipalTable } from '../model/principals.ts';
import { readOperations } from '../odata/operations/read-operations.ts';
import { createMetadataCache, type MetadataEntry, type MetadataServiceOptions } from './metadata-cache.ts';
import { metadataDocumentPath, tableListPath, tablePaths } from './metadata-paths.ts';
import { readTable, readTableSummary } from './read-table.ts';
import type { WireAttribute, WireTable, WireTableNames } from './wire-types.ts';

/** Where an organization's tables are learned from: the organization itself, or a snapshot of it. */
export interface MetadataSource {
  /** The environment it is of: `https://contoso.crm.dynamics.com`. */
  readonly origin: string;
  /** How every table is found. */
  listTables(): Promise<readonly MetadataTableSummary[]>;
  /** One table by its logical name; undefined when there is none. */
  getTable(logicalName: string): Promise<MetadataTable | undefined>;
  /** Every action and function; undefined where the source does not tell. */
  getOperations(): Promise<MetadataOperations | undefined>;
}

/** An organization's tables, read one by one when they are first asked for, and kept in the store. */
export function createMetadataService(options: MetadataServiceOptions): MetadataSource {
  const getEntry = createMetadataCache(options);
  const table = async (logicalName: string): Promise<MetadataTable | undefined> => {
    if (!/^[a-z_][a-z0-9_]{0,127}$/.test(logicalName)) return undefined;
    const readEntry = () => readTableEntry(options, logicalName, table);
    return (await getEntry(`table/${logicalName}`, readEntry)).table ?? undefined;
  };

  return {
    origin: options.origin,
    getTable: table,
    async listTables() {
      return (await getEntry('names', () => readTableList(options))).tables ?? [];
    },
    async getOperations() {
      return (await getEntry('operations', () => readOperationsEntry(options))).operations;
    },
  };
}

async function readTableList({ read }: MetadataServiceOptions): Promise<MetadataEntry> {
  const { value } = (await read(tableListPath)) as unknown as { value: readonly WireTableNames[] };
  return { tables: value.flatMap((wire) => readTableSummary(wire) ?? []) };
}

async function readOperationsEntry({ read }: MetadataServiceOptions): Promise<MetadataEntry> {
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
      (answer) => (answer as unknown as { value: readonly WireAttribute[] }).value,
    );
    const own = readTable(wire, columns);
    const base = findBaseTable(wire);
    return { table: base === undefined ? own : inheritNavigations(own, await table(base)) };
  } catch (error) {
    const missing = error instanceof ConnectorError && error.details.status === 404;
    if (missing) return { table: null };
    throw error;
  }
}

/** An activity is an activitypointer as well, a user or team an owner: with the ways of that table to others. */
function findBaseTable({ LogicalName: name, IsActivity }: WireTable): string | undefined {
  if (isPrincipalTable(name)) return 'owner';
  return IsActivity === true && name !== 'activitypointer' ? 'activitypointer' : undefined;
}

function inheritNavigations(own: MetadataTable, base: MetadataTable | undefined): MetadataTable {
  const known = new Set(own.navigations.map(({ name }) => name));
  const more = base?.navigations.filter(({ name }) => !known.has(name)) ?? [];
  return { ...own, navigations: [...own.navigations, ...more] };
}
