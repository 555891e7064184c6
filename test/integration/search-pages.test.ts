import { expect } from 'chai';
import type { JsonObject } from '../../src/index.ts';
import { openSandboxClient, type SandboxClient } from '../support/sandbox-client.ts';

describe('a search of many pages', () => {
  let bench: SandboxClient;
  let waits: number[];

  beforeEach(async () => {
    waits = [];
    const clock = {
      now: Date.now,
      async sleep(ms: number, signal?: AbortSignal) {
        // Timeouts race their requests; only what is waited for by itself goes by at once.
        if (signal !== undefined) return await new Promise<void>(() => {});
        waits.push(ms);
      },
    };
    bench = await openSandboxClient({}, { clock });
    const { store } = bench.sandbox.organization;
    const { userId } = await bench.client.check();
    for (let at = 0; at < 250; at++) store.insert('account', { name: `Kettle ${at}` }, { userId });
  });
  afterEach(() => bench.close());

  const search = async (limit: number) => {
    const input = { text: 'kettle', limit };
    const { output } = await bench.client.run('record.search', input);
    return (output as readonly JsonObject[]).map(({ id }) => id);
  };

  it('brings each row once and waits a second before each further page', async () => {
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

  it('is sent again when its answer is lost, for it only reads', async () => {
    const { faults } = bench.sandbox.organization;
    faults.add({ kind: 'reset', path: 'searchquery', atByte: 0 });
    expect((await search(10)).length).to.equal(10);
    expect(waits.length).to.equal(1);
  });
});
