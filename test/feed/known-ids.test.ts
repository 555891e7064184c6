import { expect } from 'chai';
import type { KnownIds } from '../../src/feed/deletion-state.ts';
import { deleteIdLists, readKnownIds, saveIdList, updateKnownIds } from '../../src/feed/known-ids.ts';
import { withServerTime } from '../../src/feed/server-time.ts';
import { WriteBuffer } from '../../src/feed/write-buffer.ts';
import { contextOf, feedKey } from './fixtures.ts';
import { SimulatedOrg } from './simulated-org.ts';

function access() {
  const context = contextOf(new SimulatedOrg().reader);
  const feed = { key: feedKey, ...context, reader: withServerTime(context.reader) };
  return { feed, buffer: new WriteBuffer(feed.services.store) };
}

const empty: KnownIds = { lists: [], added: [], removed: [] };

describe('KnownIds', () => {
  it('returns the ids of its lists, with added ids and without removed ones', async () => {
    const lists = access();
    const list = saveIdList(lists, ['a', 'b']);
    const changes = { changedIds: ['c', 'a'], deletedIds: ['b'] };
    const known = await updateKnownIds(lists, { ...empty, lists: [list] }, changes);
    expect(await readKnownIds(lists, known)).to.deep.equal(new Set(['a', 'c']));
  });

  it('stays the same object if no id changes, so that nothing is written', async () => {
    const changes = { changedIds: ['a'], deletedIds: ['b'] };
    const known = await updateKnownIds(access(), empty, changes);
    expect(await updateKnownIds(access(), known, changes)).to.equal(known);
  });

  it('handles a row that was restored and one that was created and deleted', async () => {
    const lists = access();
    const first = await updateKnownIds(lists, empty, { changedIds: ['a'], deletedIds: ['b'] });
    const swapped = await updateKnownIds(lists, first, { changedIds: ['b'], deletedIds: ['a'] });
    expect(await readKnownIds(lists, swapped)).to.deep.equal(new Set(['b']));
  });

  it('merges many changes into one list', async () => {
    const lists = access();
    const changedIds = Array.from({ length: 20_001 }, (_, n) => `id-${n}`);
    const known = await updateKnownIds(lists, empty, { changedIds, deletedIds: ['gone'] });
    expect(known).to.deep.include({ added: [], removed: [] });
    expect((await readKnownIds(lists, known))?.size).to.equal(20_001);
  });

  it('is unusable if one of its lists is missing, so that no row is reported as deleted', async () => {
    expect(await readKnownIds(access(), { ...empty, lists: ['lost'] })).to.equal(undefined);
  });

  it('changes if an id that is known to exist was deleted, and one that is unknown changed', async () => {
    const lists = access();
    const known = { ...empty, added: ['a'], removed: ['b'] };
    const deleted = await updateKnownIds(lists, known, { changedIds: ['a'], deletedIds: ['c'] });
    expect(deleted).to.deep.equal({ lists: [], added: ['a'], removed: ['b', 'c'] });
    const changed = await updateKnownIds(lists, known, { changedIds: ['c'], deletedIds: ['b'] });
    expect(changed).to.deep.equal({ lists: [], added: ['a', 'c'], removed: ['b'] });
  });

  it('keeps up to 20,000 changes beside its lists', async () => {
    const changedIds = Array.from({ length: 19_999 }, (_, n) => `id-${n}`);
    const known = await updateKnownIds(access(), empty, { changedIds, deletedIds: ['gone'] });
    expect([known.lists, known.added.length, known.removed.length]).to.deep.equal([[], 19_999, 1]);
  });

  it('deletes the lists that the state after does not use', async () => {
    const lists = access();
    const [old, kept] = [saveIdList(lists, ['a']), saveIdList(lists, ['b'])];
    deleteIdLists(lists, [old, kept], [kept]);
    expect(await readKnownIds(lists, { ...empty, lists: [kept] })).to.deep.equal(new Set(['b']));
    expect(await readKnownIds(lists, { ...empty, lists: [old] })).to.equal(undefined);
  });
});
