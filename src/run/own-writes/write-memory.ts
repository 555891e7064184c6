import { readCallerId } from '../../auth/caller-id.ts';
import type { RuntimeServices } from '../../model/runtime-services.ts';
import type { Table } from '../../model/table.ts';
import type { AccessToken, TokenSource } from '../../model/token.ts';
import { deterministicId } from '../deterministic-id.ts';
import type { RememberedWrite } from './remembered-write.ts';
import type { AnsweredWrite } from './row-write.ts';
import type { StoredWrites } from './stored-writes.ts';

/**
 * The writes of the user of a connection, as far as the store has them: other processes that share the store see them. None
 * is stored before a trigger with `ignoreChangesBy: self` has asked for them.
 */
export interface WriteMemory {
  /** Remembers the writes of this user from now on, in all processes that share the store. */
  start(): Promise<void>;
  /** Remembers what a write left in its row, if it has been started. */
  remember(table: Table, write: AnsweredWrite): Promise<void>;
  /** The writes to these rows, newest version first. */
  find(ids: readonly string[]): Promise<ReadonlyMap<string, readonly RememberedWrite[]>>;
}

/** What a write memory needs of a connection. */
export interface WriteMemoryContext {
  readonly services: Pick<RuntimeServices, 'store' | 'clock' | 'log'>;
  readonly origin: string;
  readonly tokens: TokenSource;
}

/** The user of a token. */
interface Writer {
  readonly token: AccessToken;
  /** Of the keys in the store. */
  readonly prefix: string;
  isStarted: boolean;
}

/** Creates the memory of a connection. A failure of the store never fails a write: the write has taken place. */
export function createWriteMemory({ services, origin, tokens }: WriteMemoryContext): WriteMemory {
  const { store, clock, log } = services;
  let last: Writer | undefined;
  const readWriter = async (): Promise<Writer> => {
    const token = tokens.peekToken?.(clock.now()) ?? (await tokens.getToken());
    // Most calls have the token of the last one.
    if (last?.token === token) return last;
    const prefix = `written/${deterministicId('written', origin, readCallerId(token) ?? 'unknown')}/`;
    last = { token, prefix, isStarted: last?.prefix === prefix && last.isStarted };
    return last;
  };
  const hasStarted = async ({ prefix }: Writer) => (await store.get(startKey(prefix))) !== undefined;
  let stored: StoredWrites | undefined;
  const load = async (): Promise<StoredWrites> => {
    const { createStoredWrites } = await import('./stored-writes.ts');
    stored = createStoredWrites(services);
    return stored;
  };

  return {
    async start() {
      const writer = await readWriter();
      if (!(await hasStarted(writer))) await store.set(startKey(writer.prefix), String(clock.now()));
    },
    async remember(table, write) {
      try {
        const writer = await readWriter();
        // It never ends, so the store is asked until it has started.
        writer.isStarted ||= await hasStarted(writer);
        if (writer.isStarted) await (stored ?? (await load())).add(writer.prefix, table, write);
      } catch {
        log({ level: 'warn', event: 'write-forgotten', fields: {} });
      }
    },
    async find(ids) {
      const { prefix } = await readWriter();
      return await (stored ?? (await load())).find(prefix, ids);
    },
  };
}

function startKey(prefix: string): string {
  return `${prefix}started`;
}
