import { expect } from 'chai';
import type { KnownIds } from '../../src/poll/deletion-state.ts';
import { readKnownIds, saveIdList, updateKnownIds } from '../../src/poll/known-ids.ts';
import { contextOf } from './fixtures.ts';
import { SimulatedOrg } from './simulated-org.ts';

const context = () => contextOf(new SimulatedOrg().reader);
const empty: KnownIds = { lists: [], added: [], removed: [] };

describe('KnownIds', () => {
  it('returns the ids of its lists, with added ids and without removed ones', async () => {
    const world = context();
    const list = await saveIdList(world, 'i', ['a', 'b']);
    const roster = await updateKnownIds(
      world,
      'i',
      { ...empty, lists: [list] },
      { came: ['c', 'a'], went: ['b'] },
    );
    expect(await readKnownIds(world, 'i', roster)).to.deep.equal(new Set(['a', 'c']));
  });

  it('stays the same object if no id changes, so that nothing is written', async () => {
    const roster = await updateKnownIds(context(), 'i', empty, { came: ['a'], went: ['b'] });
    expect(await updateKnownIds(context(), 'i', roster, { came: ['a'], went: ['b'] })).to.equal(roster);
  });

  it('handles a row that was restored and one that was created and deleted', async () => {
    const world = context();
    const first = await updateKnownIds(world, 'i', empty, { came: ['a'], went: ['b'] });
    const swapped = await updateKnownIds(world, 'i', first, { came: ['b'], went: ['a'] });
    expect(await readKnownIds(world, 'i', swapped)).to.deep.equal(new Set(['b']));
  });

  it('merges many changes into one list', async () => {
    const world = context();
    const came = Array.from({ length: 20_001 }, (_, n) => `id-${n}`);
    const roster = await updateKnownIds(world, 'i', empty, { came, went: ['gone'] });
    expect(roster).to.deep.include({ added: [], removed: [] });
    expect((await readKnownIds(world, 'i', roster))?.size).to.equal(20_001);
  });

  it('is unusable if one of its lists is missing, so that no row is reported as deleted', async () => {
    expect(await readKnownIds(context(), 'i', { ...empty, lists: ['lost'] })).to.equal(undefined);
  });
});
