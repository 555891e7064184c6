import type { HttpSender } from './http.ts';
import type { JsonObject } from './json.ts';

/** The clock of the engine; tests can replace it. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. */
  now(): number;
  /** Resolves after `ms` milliseconds, or rejects with the reason of the signal if it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One structured log event. `fields` contains only the names in the allow-list of `http/policies/log.ts`. */
export interface LogEvent {
  readonly level: LogLevel;
  readonly event: string;
  readonly fields: JsonObject;
}
export type Log = (event: LogEvent) => void;

/**
 * A key-value store for trigger state, encrypted tokens, pending sign-ins and metadata. Values are opaque text. `replace` is
 * atomic: it writes only if the stored version is `expected` (undefined: the key must not exist), and returns whether it
 * did.
 */
export interface StateStore {
  get(key: string): Promise<{ readonly value: string; readonly version: number } | undefined>;
  set(key: string, value: string): Promise<void>;
  replace(key: string, value: string, expected: number | undefined): Promise<boolean>;
  delete(key: string): Promise<void>;
  /** The keys that begin with `prefix`, sorted. */
  keys(prefix: string): Promise<readonly string[]>;
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
}
