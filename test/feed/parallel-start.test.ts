import { expect } from 'chai';
import { createMemoryStore } from '../../src/client/memory-store.ts';
import type { ResolvedWatch } from '../../src/feed/feed.ts';
import { contextOf, createIds, minute, poll, requestOf } from './fixtures.ts';
import { SimulatedOrg } from './simulated-org.ts';

type Watch = Partial<ResolvedWatch>;

const created: Watch = { changes: ['created'] };
const updated: Watch = { changes: ['updated'] };
const deleted: Watch = { changes: ['deleted'] };
const priority: Watch = { changes: ['updated'], columns: ['priority'] };
const due: Watch = { changes: ['due'], due: 'dueOn' };

/** Triggers of one table with one store, whose first polls run at the same time. Returns what polls a trigger again. */
async function startTogether(org: SimulatedOrg, watches: readonly Watch[]) {
  const store = createMemoryStore();
  const uuid = createIds();
  const started = await Promise.all(
    watches.map(async (watch) => {
      const context = contextOf(org.reader, watch, store, uuid);
      const { checkpoint } = await poll(context, requestOf());
      return { watch, context, checkpoint };
    }),
  );
  return async (wanted: Watch) => {
    const { context, checkpoint } = started.find(({ watch }) => watch === wanted)!;
    const { items } = await poll(context, requestOf({ checkpoint }));
    return items.map(({ change, row, uncertain }) => [change, row.id, uncertain]);
  };
}

describe('poll: first polls of one table at the same time', () => {
  for (const watches of [
    [created, updated, deleted, priority, due],
    [due, priority, deleted, updated, created],
  ]) {
    it(`lose no change of any kind, and start with ${JSON.stringify(watches[0])}`, async () => {
      const org = new SimulatedOrg();
      const removed = org.insert();
      const edited = org.insert({ columns: { prioritycode: 1 } });
      const followupby = new Date(org.nowMs + minute / 2).toISOString();
      const passing = org.insert({ columns: { followupby } });
      const pollAgain = await startTogether(org, watches);
      org.wait(minute);
      org.remove(removed);
      org.update(edited, { columns: { prioritycode: 2 } });
      const fresh = org.insert();
      expect(await pollAgain(deleted)).to.deep.equal([['deleted', removed, undefined]]);
      expect(await pollAgain(created)).to.deep.equal([['created', fresh, undefined]]);
      expect(await pollAgain(updated)).to.deep.equal([['updated', edited, undefined]]);
      expect(await pollAgain(priority)).to.deep.equal([['updated', edited, undefined]]);
      expect(await pollAgain(due)).to.deep.equal([['due', passing, undefined]]);
    });
  }

  it('are read once each if all need the same', async () => {
    const one = new SimulatedOrg();
    await startTogether(one, [created]);
    const two = new SimulatedOrg();
    await startTogether(two, [created, { ...created }]);
    expect(two.queries).to.have.length(2 * one.queries.length);
  });
});
