import { readCallerId } from '../auth/caller-id.ts';
import type { RuntimeServices } from '../model/runtime-services.ts';
import type { AccessToken, TokenSource } from '../model/token.ts';
import { deterministicId } from './deterministic-id.ts';
import type { RememberedWrite, StoredWrite } from './remembered-write.ts';
import { FingerprintWriter } from './written-fingerprints.ts';

/**
 * The writes of the user of a connection, as far as the store has them: other processes that share the store see them.
 */
export interface WriteMemory {
  /** Makes the fingerprints of a write. */
  readonly fingerprints: FingerprintWriter;
  remember(id: string, write: RememberedWrite): Promise<void>;
  /** The writes to these rows, newest version first. */
  find(ids: readonly string[]): Promise<ReadonlyMap<string, readonly RememberedWrite[]>>;
}

/** What a write memory needs of a connection. */
export interface WriteMemoryContext {
  readonly services: Pick<RuntimeServices, 'store' | 'clock' | 'log'>;
  readonly origin: string;
  readonly tokens: TokenSource;
}

/** Rows are spread over 4,096 stored values by the first digits of their ids, so that the memory needs no cleanup. */
const slotDigits = 3;
/** Writes of one user to one organization in each of these values. The oldest is forgotten first. */
const maxPerSlot = 5;
/** How often a value is written again that another call changed at the same time. */
const maxTries = 10;

/** Creates the memory of a connection. A failure of the store never fails a write: the write has taken place. */
export function createWriteMemory({
  services: { store, clock, log },
  origin,
  tokens,
}: WriteMemoryContext): WriteMemory {
  let last: { readonly token: AccessToken; readonly prefix: string } | undefined;
  const slotPrefix = async () => {
    const token = tokens.peekToken?.(clock.now()) ?? (await tokens.getToken());
    // Most calls have the token of the last one.
    if (last?.token === token) return last.prefix;
    const prefix = `written/${deterministicId('written', origin, readCallerId(token) ?? 'unknown')}/`;
    last = { token, prefix };
    return prefix;
  };
  // The writes before this one stay text: they are read when a trigger asks.
  const tryRemember = async (key: string, write: string): Promise<boolean> => {
    const entry = await store.get(key);
    const value = entry === undefined ? write : `${write}\n${firstLines(entry.value, maxPerSlot - 1)}`;
    return await store.replace(key, value, entry?.version);
  };

  return {
    fingerprints: new FingerprintWriter(),
    async remember(id, write) {
      try {
        const key = `${await slotPrefix()}${slotOf(id)}`;
        const stored = JSON.stringify(toStored(id, write, clock.now()));
        for (let tries = 1; !(await tryRemember(key, stored)); tries++) if (tries === maxTries) return;
      } catch {
        log({ level: 'warn', event: 'write-forgotten', fields: {} });
      }
    },
    async find(ids) {
      const prefix = await slotPrefix();
      const entries = await store.getMany([...new Set(ids.map((id) => `${prefix}${slotOf(id)}`))]);
      const { readWrites } = await import('./read-writes.ts');
      return readWrites(
        [...entries.values()].map(({ value }) => value),
        ids,
        clock.now(),
      );
    },
  };
}

/** The first lines of a text, without the end of the last one. */
function firstLines(text: string, count: number): string {
  let end = -1;
  for (let line = 0; line < count; line++) {
    end = text.indexOf('\n', end + 1);
    if (end < 0) return text;
  }
  return text.slice(0, end);
}

function slotOf(id: string): string {
  return id.slice(0, slotDigits);
}

function toStored(id: string, { version, isCreate, fingerprints }: RememberedWrite, t: number): StoredWrite {
  return { r: id, v: String(version), t, f: fingerprints, c: isCreate ? 1 : undefined };
}
