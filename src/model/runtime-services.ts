import type { Audit } from './audit.ts';
import type { HttpSender } from './http.ts';
import type { JsonObject } from './json.ts';
import type { Telemetry } from './telemetry.ts';

/** The clock of the engine; tests can replace it. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. */
  now(): number;
  /** Resolves after `ms` milliseconds, or rejects with the reason of the signal if it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Calls `onTime` at a time (milliseconds since the epoch), unless the returned function is called before. For deadlines,
   * almost all of which are stopped; without it, they are made of `sleep`, which costs more.
   */
  setDeadline?(time: number, onTime: () => void): () => void;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One structured log event. `fields` contains only the names in the allow-list of `http/policies/log.ts`. */
export interface LogEvent {
  readonly level: LogLevel;
  readonly event: string;
  readonly fields: JsonObject;
}
export type Log = (event: LogEvent) => void;

/** The log where nobody listens: what would be logged is not composed. */
export const silentLog: Log = () => {};

/** A stored value. Each write of a key gives it a higher version. */
export interface StateEntry {
  readonly value: string;
  readonly version: number;
}

/** Writes of several keys; undefined deletes a key. */
export type StateWrites = ReadonlyMap<string, string | undefined>;

/** The version that a key must have for a write to take place; undefined: the key must not exist. */
export interface ExpectedVersion {
  readonly key: string;
  readonly version: number | undefined;
}

/**
 * A key-value store for trigger state, encrypted tokens, pending sign-ins and metadata. Values are opaque text. `replace` is
 * atomic: it writes only if the stored version is `expected` (undefined: the key must not exist), and returns whether it
 * did.
 */
export interface StateStore {
  get(key: string): Promise<StateEntry | undefined>;
  /** The entries of these keys; keys that do not exist are missing in the map. */
  getMany(keys: readonly string[]): Promise<ReadonlyMap<string, StateEntry>>;
  set(key: string, value: string): Promise<void>;
  replace(key: string, value: string, expected: number | undefined): Promise<boolean>;
  /**
   * Writes all of these keys or none, also when the process stops halfway. With `expected`, it writes only if that key
   * has that version, and returns whether it did.
   */
  writeMany(writes: StateWrites, expected?: ExpectedVersion): Promise<boolean>;
  delete(key: string): Promise<void>;
  /** The keys that begin with `prefix`, sorted. */
  keys(prefix: string): Promise<readonly string[]>;
  /** The first `maxCount` entries whose key begins with `prefix` and sorts after `after`, in the order of their keys. */
  list(prefix: string, range: ListRange): Promise<readonly ListedEntry[]>;
}

/** Which entries `list` returns. */
export interface ListRange {
  readonly after: string;
  readonly maxCount: number;
}

export interface ListedEntry extends StateEntry {
  readonly key: string;
}

/** The services of the platform that the engine uses. Hosts pass them in; the engine does not use any others. */
export interface RuntimeServices {
  readonly send: HttpSender;
  readonly clock: Clock;
  /** A uniform random number in [0, 1), for jitter. */
  readonly random: () => number;
  /** A new random UUID, in lower case. */
  readonly uuid: () => string;
  readonly log: Log;
  readonly store: StateStore;
  /** Absent where nobody listens. */
  readonly telemetry?: Telemetry;
  /** Absent where writes are not recorded. */
  readonly audit?: Audit;
}
