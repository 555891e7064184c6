import { expect } from 'chai';
import { createMemoryStore } from '../../src/client/memory-store.ts';
import { Membership } from '../../src/feed/membership.ts';
import { WriteBuffer } from '../../src/feed/write-buffer.ts';
import type { StateStore } from '../../src/model/runtime-services.ts';
import { contextOf, feedKey, minute } from './fixtures.ts';
import { SimulatedHost } from './simulated-host.ts';
import { SimulatedOrg } from './simulated-org.ts';

const activationId = '00000000-0000-4000-9000-000000000001';

/** The decisions of one derivation from a checkpoint with this offset. */
async function derive(
  store: StateStore,
  offset: number,
  steps: readonly (readonly ['in' | 'out', number])[],
): Promise<readonly boolean[]> {
  const buffer = new WriteBuffer(store);
  const membership = new Membership({ key: feedKey }, { activationId, offset }, buffer);
  await membership.load(['a']);
  const reported = steps.map(([kind, sequence]) => {
    if (kind === 'out') return membership.leave('a', sequence);
    membership.enter('a', sequence);
    return true;
  });
  await buffer.commit();
  return reported;
}

describe('Membership', () => {
  it('reports that a row left only if it was reported before, and once', async () => {
    const store = createMemoryStore();
    expect(await derive(store, 0, [['out', 1]])).to.deep.equal([false]);
    expect(await derive(store, 1, [['in', 2]])).to.deep.equal([true]);
    expect(await derive(store, 2, [['out', 3]])).to.deep.equal([true]);
    expect(await derive(store, 3, [['out', 4]])).to.deep.equal([false]);
  });

  it('gives the same answers when a host returns with the same checkpoint', async () => {
    const store = createMemoryStore();
    const steps = [
      ['out', 1],
      ['in', 2],
      ['out', 3],
      ['out', 4],
      ['in', 5],
    ] as const;
    const first = await derive(store, 0, steps);
    expect(first).to.deep.equal([false, true, true, false, true]);
    expect(await derive(store, 0, steps)).to.deep.equal(first);
  });

  it('reports again that a row left if the report may not have been delivered', async () => {
    const store = createMemoryStore();
    await derive(store, 0, [['in', 1]]);
    expect(await derive(store, 1, [['out', 2]])).to.deep.equal([true]);
    expect(await derive(store, 1, [['out', 3]])).to.deep.equal([true]);
  });

  it('forgets the oldest reports of a row that comes and goes', async () => {
    const store = createMemoryStore();
    for (let sequence = 1; sequence < 40; sequence++) {
      const kind = sequence % 2 === 1 ? 'in' : 'out';
      expect(await derive(store, sequence - 1, [[kind, sequence]])).to.deep.equal([true]);
    }
    const stored = await store.get(`${feedKey}in/${activationId}/a`);
    expect(JSON.parse(stored?.value ?? '[]')).to.have.length.at.most(8);
  });

  it('keeps eight reports of a row; of nine, the oldest of having left goes, and the one after it', async () => {
    const store = createMemoryStore();
    const come = async (from: number, to: number) => {
      for (let sequence = from; sequence <= to; sequence += 1)
        await derive(store, sequence - 1, [[sequence % 2 === 1 ? 'in' : 'out', sequence]]);
      const stored = await store.get(`${feedKey}in/${activationId}/a`);
      return JSON.parse(stored?.value ?? '[]').map(([sequence]: [number, number]) => sequence);
    };
    expect(await come(1, 8)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await come(9, 9)).to.deep.equal([1, 4, 5, 6, 7, 8, 9]);
  });
});

describe('poll: a trigger with left', () => {
  it('reports a row that no longer matches with its present values', async () => {
    const org = new SimulatedOrg();
    const changes = ['created', 'updated', 'left'] as const;
    const host = new SimulatedHost(contextOf(org.reader, { changes }));
    const request = { filter: 'prioritycode eq 1' };
    await host.round(request);
    const id = org.insert({ columns: { prioritycode: 1 } });
    const other = org.insert({ columns: { prioritycode: 2 } });
    await host.round(request);
    org.wait(minute);
    org.update(id, { columns: { prioritycode: 3 } });
    org.update(other, { columns: { prioritycode: 3 } });
    const { items } = await host.round(request);
    expect(items.map(({ change, row }) => [change, row.id, row.priority])).to.deep.equal([
      ['left', id, 'low'],
    ]);
  });
});
