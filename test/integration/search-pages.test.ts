import { expect } from 'chai';
import type { JsonObject } from '../../src/index.ts';
import { openSandboxClient, type SandboxClient } from '../support/sandbox-client.ts';

describe('record.search over several pages', () => {
  let fixture: SandboxClient;
  let waits: number[];

  beforeEach(async () => {
    waits = [];
    const clock = {
      now: Date.now,
      async sleep(ms: number, signal?: AbortSignal) {
        // A sleep with a signal is a timeout, which must not end before its request.
        if (signal !== undefined) return await new Promise<void>(() => {});
        waits.push(ms);
      },
    };
    fixture = await openSandboxClient({}, { clock });
    const { store } = fixture.sandbox.organization;
    const { userId } = await fixture.client.check();
    for (let at = 0; at < 250; at++) store.insert('account', { name: `Kettle ${at}` }, { userId });
  });
  afterEach(() => fixture.close());

  const search = async (limit: number) => {
    const input = { text: 'kettle', limit };
    const { output } = await fixture.client.run('record.search', input);
    return (output as readonly JsonObject[]).map(({ id }) => id);
  };

  it('returns each row once and waits a second before each further page', async () => {
    const found = await search(1000);
    expect(found.length).to.equal(250);
    expect(new Set(found).size).to.equal(250);
    expect(waits).to.deep.equal([1000, 1000]);
  });

  it('reads no further than its limit', async () => {
    expect((await search(101)).length).to.equal(101);
    expect((await search(100)).length).to.equal(100);
    expect(waits).to.deep.equal([1000]);
  });

  it('is retried when its response is lost', async () => {
    const { faults } = fixture.sandbox.organization;
    faults.add({ kind: 'reset', path: 'searchquery', atByte: 0 });
    expect((await search(10)).length).to.equal(10);
    expect(waits.length).to.equal(1);
  });
});
