import { isJsonObject, type Json } from '../model/json.ts';
import type { StateEntry, StateStore } from '../model/runtime-services.ts';
import { forgetInSegment } from './feed-log.ts';

/** Stored values are read in parts of this size. */
const maxCount = 500;
/** How often a value is written again that a running poll changed at the same time. */
const maxTries = 10;

/**
 * Removes a row from everything that change feeds have stored: its entries in the log, its record, and what triggers
 * remember of it. Entries of other rows that refer to it lose its name. Positions stay, so no other event is lost. A row
 * that still exists is read again, so it is deleted in the organization first.
 *
 * @param store the store of the feeds, of whatever connections and tables
 * @param id the primary key of the row, a GUID in any case
 * @returns how many stored values were changed or deleted
 */
export async function forgetRow(store: StateStore, id: string): Promise<number> {
  const wanted = id.toLowerCase();
  let count = 0;
  for (let after = ''; ; ) {
    const listed = await store.list('', { after, maxCount });
    for (const { key, value } of listed) {
      if (isFeedKey(key) && (key.includes(wanted) || value.toLowerCase().includes(wanted)))
        count += (await forgetIn(store, key, wanted)) ? 1 : 0;
    }
    const last = listed.at(-1);
    if (last === undefined || listed.length < maxCount) return count;
    after = last.key;
  }
}

/** The state of feeds, and the memory of own writes. Hosts put a prefix of their own before it. */
function isFeedKey(key: string): boolean {
  return /(?:^|\/)(?:feed|written)\//.test(key);
}

async function forgetIn(store: StateStore, key: string, id: string): Promise<boolean> {
  for (let tries = 0; tries < maxTries; tries++) {
    const [, stored] = [...(await store.getMany([key]))][0] ?? [];
    if (stored === undefined) return false;
    const value = withoutRow(key, stored, id);
    if (value === stored.value) return false;
    if (value === undefined) {
      await store.delete(key);
      return true;
    }
    if (await store.replace(key, value, stored.version)) return true;
  }
  return false;
}

/** The stored value without the row; undefined if the value is about this row alone. */
function withoutRow(key: string, { value }: StateEntry, id: string): string | undefined {
  if (key.includes(`/${id}`) || key.includes('/dead-letters/')) return undefined;
  if (isListOfLines(key)) {
    const lines = value.split('\n');
    return lines.filter((line) => !line.toLowerCase().includes(id)).join('\n');
  }
  const parsed = parse(value);
  if (parsed === undefined) return value;
  const changed = key.includes('/log/') ? forgetInSegment(parsed, id) : withoutMembersOf(parsed, id);
  const recent = key.endsWith('/recent') ? keepRecentComplete(parsed, changed, id) : changed;
  return JSON.stringify(recent);
}

/** A line for each id, or for each own write. */
function isListOfLines(key: string): boolean {
  return key.includes('/ids/') || /(?:^|\/)written\//.test(key);
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Lists lose the row: its id, and tuples and objects about it. Objects lose the member that its id names. */
function withoutMembersOf(value: Json, id: string): Json {
  if (Array.isArray(value))
    return value.filter((each) => !isAbout(each, id)).map((each) => withoutMembersOf(each, id));
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).filter(([name]) => name.toLowerCase() !== id);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutMembersOf(member, id)]));
}

function isAbout(value: Json, id: string): boolean {
  const isId = (each: Json | undefined) => typeof each === 'string' && each.toLowerCase() === id;
  if (Array.isArray(value)) return isId(value[0]);
  return isJsonObject(value) ? Object.values(value).some(isId) : isId(value);
}

/** Of the rows from this version on, all are known: the forgotten one must not count as missing. */
function keepRecentComplete(before: Json, after: Json, id: string): Json {
  const { rows } = before as { readonly rows?: Json };
  const forgotten = Array.isArray(rows) ? rows.find((row) => isAbout(row, id)) : undefined;
  const version = Array.isArray(forgotten) ? forgotten[1] : undefined;
  if (typeof version !== 'string' || !isJsonObject(after)) return after;
  const completeFrom = BigInt(String(after.completeFrom));
  const next = BigInt(version) + 1n;
  return { ...after, completeFrom: String(next > completeFrom ? next : completeFrom) };
}
