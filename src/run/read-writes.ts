import { isNumber, isText, isVersion, objectOf } from '../model/json-shape.ts';
import type { RememberedWrite, StoredWrite } from './remembered-write.ts';

const maxAgeMs = 24 * 3_600_000;

/** The writes to these rows in texts of the write memory, newest version first. */
export function readWrites(
  texts: readonly string[],
  ids: readonly string[],
  now: number,
): ReadonlyMap<string, readonly RememberedWrite[]> {
  const wanted = new Set(ids);
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

function fromStored({ v, f, c }: StoredWrite): RememberedWrite {
  return { version: BigInt(v), isCreate: c === 1, fingerprints: f };
}
