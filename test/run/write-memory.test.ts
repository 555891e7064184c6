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
    const write = { version: 7n, isCreate: false, fingerprints: ' name=0123456789abcdef' };
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
      `{"r":"${id}","v":"x","t":0,"f":""}`,
      `{"r":"${id}","v":"7","t":0,"f":{}}`,
    ]) {
      await store.writeMany(new Map([[key, text]]));
      expect([...(await memory.find([id]))], text).to.deep.equal([]);
      await memory.remember(id, write);
      expect((await memory.find([id])).get(id), text).to.deep.equal([write]);
    }
  });

  it('keeps the last five writes to rows whose ids begin alike, newest first, and those before a token is renewed', async () => {
    const store = createMemoryStore();
    const services = { store, clock: createFakeClock(), log: () => {} };
    let token = { token: new Secret('first'), expiresAt: 0 };
    const tokens = { getToken: async () => token };
    const memory = createWriteMemory({ services, origin: 'https://contoso.crm.dynamics.com', tokens });
    const id = '00000000-0000-4000-8000-000000000001';
    const writes = [1n, 2n, 3n, 4n, 5n, 6n, 7n].map((version) => ({
      version,
      isCreate: version === 1n,
      fingerprints: ` line\n=${version}`,
    }));
    for (const write of writes) {
      await memory.remember(id, write);
      token = { token: new Secret('renewed'), expiresAt: 0 };
    }
    expect((await memory.find([id])).get(id)).to.deep.equal(writes.slice(2).reverse());
  });

  it('does not mix the writes of two users', async () => {
    const store = createMemoryStore();
    const services = { store, clock: createFakeClock(), log: () => {} };
    const tokenOf = (oid: string) => {
      const claims = Buffer.from(JSON.stringify({ oid })).toString('base64url');
      return { token: new Secret(`e30.${claims}.x`), expiresAt: 0 };
    };
    let token = tokenOf('anna');
    const tokens = { getToken: async () => token };
    const memory = createWriteMemory({ services, origin: 'https://contoso.crm.dynamics.com', tokens });
    const id = '00000000-0000-4000-8000-000000000001';
    await memory.remember(id, { version: 7n, isCreate: false, fingerprints: '' });
    token = tokenOf('bert');
    expect([...(await memory.find([id]))]).to.deep.equal([]);
    token = tokenOf('anna');
    expect((await memory.find([id])).get(id)).to.have.length(1);
  });
});
