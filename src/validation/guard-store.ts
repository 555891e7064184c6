import { ConnectorError } from '../errors/connector-error.ts';
import type { ExpectedVersion, StateStore, StateWrites } from '../model/runtime-services.ts';
import { assertText, copyObject } from './assert-options.ts';

/**
 * A store whose methods reject keys, values and versions of the wrong kind before they reach it (INPUT_INVALID): a key that
 * is no text would break every later list of keys.
 */
export function guardStore<Store extends StateStore>(store: Store): Store {
  const guarded: StateStore = {
    get: async (key) => store.get(assertKey(key)),
    getMany: async (keys) => store.getMany(assertKeys(keys)),
    set: async (key, value) => store.set(assertKey(key), assertValue(value)),
    replace: async (key, value, expected) =>
      store.replace(assertKey(key), assertValue(value), assertVersion(expected)),
    writeMany: async (writes, expected) =>
      store.writeMany(assertWrites(writes), expected && assertExpected(expected)),
    delete: async (key) => store.delete(assertKey(key)),
    keys: async (prefix) => store.keys(assertText(prefix, 'The prefix of the keys')),
    async list(prefix, range) {
      const { after, maxCount } = copyObject(range, 'The range of the keys');
      if (typeof maxCount !== 'number' || Number.isNaN(maxCount) || maxCount < 0)
        throw new ConnectorError('INPUT_INVALID', '"maxCount" of the range must be a number of at least 0.');
      const checked = { after: assertText(after, '"after" of the range'), maxCount };
      return store.list(assertText(prefix, 'The prefix of the keys'), checked);
    },
  };
  return { ...store, ...guarded };
}

const assertKey = (key: string): string => assertText(key, 'A key of the store');
const assertValue = (value: string): string => assertText(value, 'A value of the store');

function assertVersion(version: number | undefined): number | undefined {
  if (version === undefined || Number.isSafeInteger(version)) return version;
  throw new ConnectorError('INPUT_INVALID', 'The expected version must be a whole number or undefined.');
}

function assertExpected(expected: ExpectedVersion): ExpectedVersion {
  const { key, version } = copyObject(expected, 'The expected version');
  return { key: assertKey(key), version: assertVersion(version) };
}

function assertKeys(keys: readonly string[]): readonly string[] {
  const copy = copyItems(keys, 'The keys', (key): unknown => key);
  return copy.map((key) => assertText(key, 'A key of the store'));
}

function assertWrites(writes: StateWrites): StateWrites {
  const copy = copyItems(writes, 'The writes', ([key, value]): readonly [unknown, unknown] => [key, value]);
  return new Map(
    copy.map(([key, value]) => [
      assertText(key, 'A key of the store'),
      value === undefined ? undefined : assertText(value, 'A value of the store'),
    ]),
  );
}

/** The items of what a caller gave as an iterable. */
function copyItems<T, Copy>(items: Iterable<T>, name: string, read: (item: T) => Copy): readonly Copy[] {
  try {
    if (typeof items === 'object') return Array.from(items, read);
  } catch {
    // Told below.
  }
  throw new ConnectorError('INPUT_INVALID', `${name} must be a list.`);
}
