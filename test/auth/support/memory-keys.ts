import type { KeyProvider } from '../../../src/auth/key-ring.ts';
import { Secret } from '../../../src/model/secret.ts';

/** Creates a provider of keys with these names, newest first. The same name always gives the same key. */
export function createMemoryKeys(...names: readonly string[]): KeyProvider {
  const all = names.length === 0 ? ['old'] : names;
  return {
    load: async () =>
      new Secret(all.map((name) => `${name}:${Buffer.alloc(32, name).toString('base64')}`).join('\n')),
  };
}
