import { ConnectorError } from '../errors/connector-error.ts';
import type { MetadataName, MetadataOperations, MetadataTable } from '../model/metadata.ts';
import { readOperations } from '../odata/operations/read-operations.ts';
import { createCache, type MetadataOptions, type Piece } from './cache.ts';
import { readName, readTable } from './read-table.ts';
import { documentPath, namesPath, tablePaths } from './requests.ts';
import type { WireAttribute, WireName, WireTable } from './wire.ts';

/** Where an organisation's tables are learned from: the organisation itself, or a snapshot of it. */
export interface MetadataSource {
  /** The environment it is of: `https://contoso.crm.dynamics.com`. */
  readonly origin: string;
  /** How every table is found. */
  names(): Promise<readonly MetadataName[]>;
  /** One table by its logical name; undefined when there is none. */
  table(logicalName: string): Promise<MetadataTable | undefined>;
  /** Every action and function; undefined where the source does not tell. */
  operations(): Promise<MetadataOperations | undefined>;
}

/** An organisation's tables, read one by one when they are first asked for, and kept in the store. */
export function createMetadataService(options: MetadataOptions): MetadataSource {
  const piece = createCache(options);
  const table = async (logicalName: string): Promise<MetadataTable | undefined> => {
    if (!/^[a-z_][a-z0-9_]{0,127}$/.test(logicalName)) return undefined;
    const readPiece = () => readTablePiece(options, logicalName, table);
    return (await piece(`table/${logicalName}`, readPiece)).table ?? undefined;
  };

  return {
    origin: options.origin,
    table,
    async names() {
      return (await piece('names', () => readNames(options))).names ?? [];
    },
    async operations() {
      return (await piece('operations', () => readOperationsPiece(options))).operations;
    },
  };
}

async function readNames({ read }: MetadataOptions): Promise<Piece> {
  const { value } = (await read(namesPath)) as unknown as { value: readonly WireName[] };
  return { names: value.flatMap((wire) => readName(wire) ?? []) };
}

async function readOperationsPiece({ read }: MetadataOptions): Promise<Piece> {
  const operations = readOperations(String(await read(documentPath)));
  return operations === undefined ? {} : { operations };
}

async function readTablePiece(
  { read }: MetadataOptions,
  logicalName: string,
  table: MetadataSource['table'],
): Promise<Piece> {
  const [first, ...rest] = tablePaths(logicalName);
  try {
    const [definition, ...details] = await Promise.all([first, ...rest].map(read));
    const wire = definition as unknown as WireTable;
    const columns = details.flatMap(
      (answer) => (answer as unknown as { value: readonly WireAttribute[] }).value,
    );
    const own = readTable(wire, columns);
    const base = baseOf(wire);
    return { table: base === undefined ? own : inherit(own, await table(base)) };
  } catch (error) {
    const missing = error instanceof ConnectorError && error.details.status === 404;
    if (missing) return { table: null };
    throw error;
  }
}

/** An activity is an activitypointer as well, a user or team an owner: with the ways of that table to others. */
function baseOf({ LogicalName: name, IsActivity }: WireTable): string | undefined {
  if (name === 'systemuser' || name === 'team') return 'owner';
  return IsActivity === true && name !== 'activitypointer' ? 'activitypointer' : undefined;
}

function inherit(own: MetadataTable, base: MetadataTable | undefined): MetadataTable {
  const known = new Set(own.navigations.map(({ name }) => name));
  const more = base?.navigations.filter(({ name }) => !known.has(name)) ?? [];
  return { ...own, navigations: [...own.navigations, ...more] };
}
