import { isNumber, isText, isVersion, objectOf } from '../../model/json-shape.ts';
import type { RuntimeServices } from '../../model/runtime-services.ts';
import type { Table } from '../../model/table.ts';
import type { RememberedWrite, StoredWrite } from './remembered-write.ts';
import { type AnsweredWrite, type RowWrite, readRowWrite } from './row-write.ts';
import { FingerprintWriter } from './written-fingerprints.ts';

/** The remembered writes of all users that share a store. The prefix of the keys tells the user. */
export interface StoredWrites {
  /** Stores what a write left in its row, if its response has the row. */
  add(prefix: string, table: Table, write: AnsweredWrite): Promise<void>;
  /** The writes to these rows, newest version first. */
  find(prefix: string, ids: readonly string[]): Promise<ReadonlyMap<string, readonly RememberedWrite[]>>;
}

/** Rows are spread over 4,096 stored values by the first digits of their ids, so that the memory needs no cleanup. */
const slotDigits = 3;
/** Writes of one user to one organization in each of these values. The oldest is forgotten first. */
const maxPerSlot = 5;
/** How often a value is written again that another call changed at the same time. */
const maxTries = 10;
const maxAgeMs = 24 * 3_600_000;

export function createStoredWrites({ store, clock }: Pick<RuntimeServices, 'store' | 'clock'>): StoredWrites {
  const fingerprints = new FingerprintWriter();
  // The writes before this one stay text: they are read when a trigger asks.
  const tryAdd = async (key: string, write: string): Promise<boolean> => {
    const entry = await store.get(key);
    const value = entry === undefined ? write : `${write}\n${firstLines(entry.value, maxPerSlot - 1)}`;
    return await store.replace(key, value, entry?.version);
  };

  return {
    async add(prefix, table, write) {
      const row = readRowWrite(fingerprints, table, write);
      if (row === undefined) return;
      const text = JSON.stringify(toStored(row, clock.now()));
      for (let tries = 1; !(await tryAdd(slotKey(prefix, row.id), text)); tries++)
        if (tries === maxTries) return;
    },
    async find(prefix, ids) {
      const entries = await store.getMany([...new Set(ids.map((id) => slotKey(prefix, id)))]);
      const texts = [...entries.values()].map(({ value }) => value);
      return readWrites(texts, new Set(ids), clock.now());
    },
  };
}

function slotKey(prefix: string, id: string): string {
  return prefix + id.slice(0, slotDigits);
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

function readWrites(
  texts: readonly string[],
  wanted: ReadonlySet<string>,
  now: number,
): ReadonlyMap<string, readonly RememberedWrite[]> {
  const found = new Map<string, RememberedWrite[]>();
  for (const stored of texts.flatMap(parseWrites)) {
    // A time in the future was stored before the clock was put back, so it says nothing.
    if (!wanted.has(stored.r) || Math.abs(now - stored.t) > maxAgeMs) continue;
    found.set(stored.r, [...(found.get(stored.r) ?? []), fromStored(stored)]);
  }
  for (const writes of found.values()) writes.sort((a, b) => (a.version > b.version ? -1 : 1));
  return found;
}

const isStoredWrite = objectOf({ r: isText, v: isVersion, t: isNumber, f: isText });

/** Each line is a write. An unreadable one counts as forgotten: what is not known to be ours is reported. */
function parseWrites(text: string): readonly StoredWrite[] {
  return text.split('\n').flatMap((line) => {
    try {
      const json: unknown = JSON.parse(line);
      return isStoredWrite(json) ? [json as StoredWrite] : [];
    } catch {
      return [];
    }
  });
}

function toStored({ id, write }: RowWrite, t: number): StoredWrite {
  const { version, isCreate, fingerprints } = write;
  return { r: id, v: String(version), t, f: fingerprints, c: isCreate ? 1 : undefined };
}

function fromStored({ v, f, c }: StoredWrite): RememberedWrite {
  return { version: BigInt(v), isCreate: c === 1, fingerprints: f };
}
