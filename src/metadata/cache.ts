import type { JsonObject } from '../model/json.ts';
import type { MetadataName, MetadataOperations, MetadataTable } from '../model/metadata.ts';
import type { Clock, StateStore } from '../model/world.ts';
import { versionAnnotation, versionPath } from './requests.ts';

/** What the service is made of. */
export interface MetadataOptions {
  /** GETs a path below the Web API's base URL (`/$metadata` as text); rejects with NOT_FOUND (or BAD_REQUEST) where there is nothing. */
  readonly read: (path: string) => Promise<JsonObject>;
  readonly store: StateStore;
  readonly clock: Clock;
  /** The environment; processes that share a store share what is kept of it. */
  readonly origin: string;
}

/** What is read and kept as one. `table: null` = there is no such table. */
export interface Piece {
  readonly names?: readonly MetadataName[];
  readonly table?: MetadataTable | null;
  readonly operations?: MetadataOperations;
}

/** A piece as it was at a version of the metadata. */
interface Kept extends Piece {
  readonly at: number;
  readonly version?: string | undefined;
}

/** How long a piece is believed without asking for the version. */
const freshMs = 5 * 60 * 1000;
/** Tables change shape between versions of ours, too. */
const format = 1;

/** Answers a piece by its key; `read` is called when it is not there, or no longer true. */
export type Cache = (key: string, read: () => Promise<Piece>) => Promise<Piece>;

/**
 * The pieces that were read, in memory and in the store. One that is no longer fresh is answered at once and looked
 * after in the background: when the version of the metadata has changed it is read again. A refresh that fails
 * changes nothing.
 */
export function createCache(options: MetadataOptions): Cache {
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

  return async (key, readPiece) => {
    const known = memory.get(key) ?? (await recall(options, key));
    if (known === undefined) return await once(key, () => renew(key, undefined, readPiece));
    memory.set(key, known);
    if (clock.now() - known.at > freshMs) once(key, () => renew(key, known, readPiece)).catch(() => {});
    return known;
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
  try {
    return row && (JSON.parse(row.value) as Kept);
  } catch {
    // What cannot be read is read anew from the organisation.
    return undefined;
  }
}
