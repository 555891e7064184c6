import type { HttpSender } from './http.ts';
import type { JsonObject } from './json.ts';

/** Time as the engine sees it; tests own it. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. */
  now(): number;
  /** Resolves after `ms`, or rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One structured line. Only names from the allow-list in `http/policies/log.ts` ever stand in `fields`. */
export interface LogEvent {
  readonly level: LogLevel;
  readonly event: string;
  readonly fields: JsonObject;
}
export type Log = (event: LogEvent) => void;

/**
 * A small key-value store: poll ledgers and shadows, sealed tokens, sign-in states.
 * Values are opaque text. `replace` is atomic: it writes only when the stored version is `expected`
 * (undefined = the key must be absent) and says whether it did.
 */
export interface StateStore {
  get(key: string): Promise<{ readonly value: string; readonly version: number } | undefined>;
  set(key: string, value: string): Promise<void>;
  replace(key: string, value: string, expected: number | undefined): Promise<boolean>;
  delete(key: string): Promise<void>;
  /** Keys that begin with `prefix`, in order. */
  keys(prefix: string): Promise<readonly string[]>;
}

/** Everything outside that the engine touches. It comes in by the door; nothing below floor 4 reaches for it. */
export interface RuntimeServices {
  readonly send: HttpSender;
  readonly clock: Clock;
  /** Uniform in [0, 1): jitter. */
  readonly random: () => number;
  /** A fresh random UUID, lower case. */
  readonly uuid: () => string;
  readonly log: Log;
  readonly store: StateStore;
}
