import { expect } from 'chai';
import { createMemoryStore } from '../../src/client/memory-store.ts';
import type { StateStore } from '../../src/model/runtime-services.ts';
import { Secret } from '../../src/model/secret.ts';
import type { AnsweredWrite } from '../../src/run/own-writes/row-write.ts';
import { createWriteMemory, type WriteMemory } from '../../src/run/own-writes/write-memory.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { ticket } from './tables.ts';

const contoso = 'https://contoso.crm.dynamics.com';
const id = '00000000-0000-4000-8000-000000000001';

function tokenOf(oid: string) {
  const claims = Buffer.from(JSON.stringify({ oid })).toString('base64url');
  return { token: new Secret(`e30.${claims}.x`), expiresAt: 0 };
}

interface OpenOptions {
  readonly getToken?: () => Promise<ReturnType<typeof tokenOf>>;
  readonly origin?: string;
  readonly log?: (event: string) => void;
}

function open(
  store: StateStore,
  { getToken = async () => tokenOf('anna'), origin = contoso, log }: OpenOptions = {},
) {
  const services = {
    store,
    clock: createFakeClock(),
    log: ({ event }: { readonly event: string }) => log?.(event),
  };
  return createWriteMemory({ services, origin, tokens: { getToken } });
}

/** What was sent, and the row that came back. */
function writeOf(version: number, isCreate = false): AnsweredWrite {
  return {
    plan: {
      safety: isCreate ? 'create' : 'repeatable',
      output: { kind: 'row', table: 'case' },
      body: { title: 'x' },
    },
    response: { status: 200, body: { '@odata.etag': `W/"${version}"`, incidentid: id, title: 'x' } },
  };
}

const remember = (memory: WriteMemory, version: number, isCreate = false) =>
  memory.remember(ticket, writeOf(version, isCreate));

const versionsIn = async (memory: WriteMemory) =>
  ((await memory.find([id])).get(id) ?? []).map(({ version }) => Number(version));

describe('write memory', () => {
  it('has only what was written since its start, by any that shares the store', async () => {
    const store = createMemoryStore();
    const memory = open(store);
    await remember(memory, 1);
    expect(await store.keys('')).to.deep.equal([]);
    await open(store).start();
    await open(store).start();
    expect(await store.keys('')).to.have.length(1);
    await remember(memory, 2);
    await remember(open(store), 3);
    expect(await versionsIn(memory)).to.deep.equal([3, 2]);
  });

  it('is started for one user and one organization', async () => {
    const store = createMemoryStore();
    await open(store).start();
    const bert = open(store, { getToken: async () => tokenOf('bert') });
    const elsewhere = open(store, { origin: 'https://fabrikam.crm.dynamics.com' });
    for (const memory of [bert, elsewhere]) {
      await remember(memory, 1);
      expect(await versionsIn(memory)).to.deep.equal([]);
    }
    expect(await store.keys('')).to.have.length(1);
  });

  it('fails no write when the store fails, and the log tells of it', async () => {
    const events: string[] = [];
    const fail = async () => {
      throw new Error('disk full');
    };
    await remember(open({ ...createMemoryStore(), get: fail }, { log: (event) => events.push(event) }), 1);
    const store = createMemoryStore();
    await open(store).start();
    await remember(open({ ...store, replace: fail }, { log: (event) => events.push(event) }), 1);
    expect(events).to.deep.equal(['write-forgotten', 'write-forgotten']);
  });

  it('has the written columns of an update, and all columns of a create that are not empty', async () => {
    const memory = open(createMemoryStore());
    await memory.start();
    await remember(memory, 1, true);
    await remember(memory, 2);
    const found = (await memory.find([id])).get(id) ?? [];
    expect(found.map(({ isCreate }) => isCreate)).to.deep.equal([false, true]);
    const names = found.map(({ fingerprints }) => fingerprints.match(/\w+(?==)/g));
    expect(names).to.deep.equal([['title'], ['incidentid', 'title']]);
  });

  it('a stored value that cannot be read counts as forgotten, and the next write replaces it', async () => {
    const store = createMemoryStore();
    const memory = open(store);
    await memory.start();
    await remember(memory, 7);
    const [key = ''] = (await store.keys('written/')).filter((name) => name.endsWith('/000'));
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
      await remember(memory, 7);
      expect(await versionsIn(memory), text).to.deep.equal([7]);
    }
  });

  it('keeps the last five writes to rows whose ids begin alike, newest first, and those before a token is renewed', async () => {
    let token = tokenOf('anna');
    const memory = open(createMemoryStore(), { getToken: async () => token });
    await memory.start();
    for (const version of [1, 2, 3, 4, 5, 6, 7]) {
      await remember(memory, version);
      token = tokenOf('anna');
    }
    expect(await versionsIn(memory)).to.deep.equal([7, 6, 5, 4, 3]);
  });

  it('does not mix the writes of two users', async () => {
    let token = tokenOf('anna');
    const memory = open(createMemoryStore(), { getToken: async () => token });
    await memory.start();
    await remember(memory, 7);
    token = tokenOf('bert');
    await memory.start();
    expect(await versionsIn(memory)).to.deep.equal([]);
    await remember(memory, 8);
    token = tokenOf('anna');
    expect(await versionsIn(memory)).to.deep.equal([7]);
  });
});
