import { ConnectorError } from '../errors/connector-error.ts';
import type { JsonObject } from '../model/json.ts';
import type { MetadataName, MetadataTable } from '../model/metadata.ts';
import type { Clock, StateStore } from '../model/world.ts';
import { readName, readTable } from './read-table.ts';
import { namesPath, tablePaths, versionAnnotation, versionPath } from './requests.ts';
import type { WireAttribute, WireName, WireTable } from './wire.ts';

/** Where an organisation's tables are learned from: the organisation itself, or a snapshot of it. */
export interface MetadataSource {
  /** The environment it is of: `https://contoso.crm.dynamics.com`. */
  readonly origin: string;
  /** How every table is found. */
  names(): Promise<readonly MetadataName[]>;
  /** One table by its logical name; undefined when there is none. */
  table(logicalName: string): Promise<MetadataTable | undefined>;
}

/** What the service is made of. */
export interface MetadataOptions {
  /** GETs a path below the Web API's base URL; rejects with NOT_FOUND (or BAD_REQUEST) where there is nothing. */
  readonly read: (path: string) => Promise<JsonObject>;
  readonly store: StateStore;
  readonly clock: Clock;
  /** The environment; processes that share a store share what is kept of it. */
  readonly origin: string;
}

/** A piece of the cache, as of a version of the metadata. `table: null` = there is no such table. */
interface Kept extends Piece {
  readonly at: number;
  readonly version?: string | undefined;
}
interface Piece {
  readonly names?: readonly MetadataName[];
  readonly table?: MetadataTable | null;
}

/** How long a piece is believed without asking for the version. */
const freshMs = 5 * 60 * 1000;
/** Tables change shape between versions of ours, too. */
const format = 1;

/**
 * An organisation's tables, read one by one when they are first asked for, and kept in the store with the version of
 * the metadata. A piece that is no longer fresh is answered at once and looked after in the background: when the
 * version has changed it is read again. A refresh that fails changes nothing.
 */
export function createMetadataService(options: MetadataOptions): MetadataSource {
  const { store, clock } = options;
  const memory = new Map<string, Kept>();
  const flights = new Map<string, Promise<Kept>>();

  const keep = async (key: string, kept: Kept): Promise<Kept> => {
    memory.set(key, kept);
    await store.set(storeKey(options.origin, key), JSON.stringify(kept));
    return kept;
  };

  const renew = async (
    key: string,
    known: Kept | undefined,
    readPiece: () => Promise<Piece>,
  ): Promise<Kept> => {
    // The version first: a change while the piece is read is then found at the next look.
    const version = await readVersion(options);
    const isSame = known !== undefined && version !== undefined && known.version === version;
    const piece = isSame ? known : await readPiece();
    return await keep(key, { ...piece, at: clock.now(), version });
  };

  /** At most one at a time for each piece, whoever asks. */
  const once = (key: string, work: () => Promise<Kept>): Promise<Kept> => {
    const flying = flights.get(key);
    if (flying !== undefined) return flying;
    const flight = work().finally(() => flights.delete(key));
    flights.set(key, flight);
    return flight;
  };

  const piece = async (key: string, readPiece: () => Promise<Piece>): Promise<Kept> => {
    const known = memory.get(key) ?? (await recall(options, key));
    if (known === undefined) return await once(key, () => renew(key, undefined, readPiece));
    memory.set(key, known);
    if (clock.now() - known.at > freshMs) once(key, () => renew(key, known, readPiece)).catch(() => {});
    return known;
  };

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
  };
}

/** The version of all metadata; undefined where the organisation does not say. */
async function readVersion({ read }: MetadataOptions): Promise<string | undefined> {
  const answer = await read(versionPath).catch(() => undefined);
  const version = answer?.[versionAnnotation];
  return version === undefined ? undefined : String(version);
}

function storeKey(origin: string, key: string): string {
  return `metadata/${format}/${origin}/${key}`;
}

async function recall({ store, origin }: MetadataOptions, key: string): Promise<Kept | undefined> {
  const row = await store.get(storeKey(origin, key));
  return row && (JSON.parse(row.value) as Kept);
}

async function readNames({ read }: MetadataOptions): Promise<Piece> {
  const { value } = (await read(namesPath)) as unknown as { value: readonly WireName[] };
  return { names: value.flatMap((wire) => readName(wire) ?? []) };
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
