import { expect } from 'chai';
import type { Roster } from '../../src/poll/deletions.ts';
import { amendRoster, keepList, readRoster } from '../../src/poll/roster.ts';
import { contextOf } from './fixtures.ts';
import { SimulatedOrg } from './simulated-org.ts';

const context = () => contextOf(new SimulatedOrg().reader);
const EMPTY: Roster = { lists: [], added: [], removed: [] };

describe('the roster of a table', () => {
  it('is its lists, with what came and without what went', async () => {
    const world = context();
    const list = await keepList(world, 'i', ['a', 'b']);
    const roster = await amendRoster(
      world,
      'i',
      { ...EMPTY, lists: [list] },
      { came: ['c', 'a'], went: ['b'] },
    );
    expect(await readRoster(world, 'i', roster)).to.deep.equal(new Set(['a', 'c']));
  });

  it('stays the same object when it is told what it knows, so that nothing is written', async () => {
    const roster = await amendRoster(context(), 'i', EMPTY, { came: ['a'], went: ['b'] });
    expect(await amendRoster(context(), 'i', roster, { came: ['a'], went: ['b'] })).to.equal(roster);
  });

  it('knows a row that came back, and one that came and went', async () => {
    const world = context();
    const first = await amendRoster(world, 'i', EMPTY, { came: ['a'], went: ['b'] });
    const swapped = await amendRoster(world, 'i', first, { came: ['b'], went: ['a'] });
    expect(await readRoster(world, 'i', swapped)).to.deep.equal(new Set(['b']));
  });

  it('folds many changes into one list', async () => {
    const world = context();
    const came = Array.from({ length: 20_001 }, (_, n) => `id-${n}`);
    const roster = await amendRoster(world, 'i', EMPTY, { came, went: ['gone'] });
    expect(roster).to.deep.include({ added: [], removed: [] });
    expect((await readRoster(world, 'i', roster))?.size).to.equal(20_001);
  });

  it('is not known when one of its lists is gone: better than taking its rows for deleted', async () => {
    expect(await readRoster(context(), 'i', { ...EMPTY, lists: ['lost'] })).to.equal(undefined);
  });
});
