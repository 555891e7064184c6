import { ConnectorError } from '../../errors/connector-error.ts';
import type { StateStore } from '../../model/world.ts';

/** Entries as n8n keeps them with the workflow: JSON. */
export type Entries = Record<string, { readonly value: string; readonly version: number }>;

/** Characters that a trigger may keep; n8n writes all of it to its database with each event. */
const mostCharacters = 16 * 1024 * 1024;

/** A StateStore over a plain object. A trigger has it for itself, and one poll at a time. */
export function createStaticStore(entries: Entries): StateStore {
  const put = (key: string, value: string) => {
    const others = Object.entries(entries).filter(([name]) => name !== key);
    const size = others.reduce((sum, [, entry]) => sum + entry.value.length, value.length);
    if (size > mostCharacters) throw tooMuch();
    entries[key] = { value, version: (entries[key]?.version ?? 0) + 1 };
  };
  return {
    async get(key) {
      return Object.hasOwn(entries, key) ? entries[key] : undefined;
    },
    async set(key, value) {
      put(key, value);
    },
    async replace(key, value, expected) {
      if ((Object.hasOwn(entries, key) ? entries[key]!.version : undefined) !== expected) return false;
      put(key, value);
      return true;
    },
    async delete(key) {
      delete entries[key];
    },
    async keys(prefix) {
      return Object.keys(entries)
        .filter((key) => key.startsWith(prefix))
        .sort();
    },
  };
}

function tooMuch(): ConnectorError {
  return new ConnectorError('STORE_FAILED', 'The trigger would have to keep more than 16 MiB in n8n.', {
    advice:
      'Narrow the trigger with filters, or use the worker of dynamics365-connector for tables of this size.',
  });
}
