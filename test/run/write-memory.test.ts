import { expect } from 'chai';
import { createMemoryStore } from '../../src/client/memory-store.ts';
import { Secret } from '../../src/model/secret.ts';
import { createWriteMemory } from '../../src/run/write-memory.ts';
import { createFakeClock } from '../support/fake-clock.ts';

describe('write memory', () => {
  it('a stored value that cannot be read counts as forgotten, and the next write replaces it', async () => {
    const store = createMemoryStore();
    const services = { store, clock: createFakeClock(), log: () => {} };
    const tokens = { getToken: async () => ({ token: new Secret('token'), expiresAt: 0 }) };
    const memory = createWriteMemory({ services, origin: 'https://contoso.crm.dynamics.com', tokens });
    const id = '00000000-0000-4000-8000-000000000001';
    const write = { version: 7n, isCreate: false, fingerprints: { name: 'f' } };
    await memory.remember(id, write);
    const [key = ''] = await store.keys('written/');
    for (const text of [
      '{',
      'null',
      '{}',
      '7',
      '""',
      '[null]',
      '[{}]',
      `[{"r":"${id}","v":"x","t":0,"f":{}}]`,
    ]) {
      await store.writeMany(new Map([[key, text]]));
      expect([...(await memory.find([id]))], text).to.deep.equal([]);
      await memory.remember(id, write);
      expect((await memory.find([id])).get(id), text).to.deep.equal([write]);
    }
  });
});
