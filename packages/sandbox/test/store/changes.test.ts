import { expect } from 'chai';
import type { ChangeEntry } from '../../src/store/types.ts';
import { createWorld, refusalOf, type World } from './world.ts';

describe('the changes of a table', () => {
  let world: World;
  const entries = (since: string, pageSize = 5000): ChangeEntry[] => {
    const all: ChangeEntry[] = [];
    let pageToken: string | undefined;
    do {
      const page = world.store.changesSince('account', {
        ...{ since, pageSize, select: ['name'] },
        ...(pageToken !== undefined && { pageToken }),
      });
      expect(page.entries.length).to.be.at.most(pageSize);
      all.push(...page.entries);
      pageToken = page.next;
    } while (pageToken !== undefined);
    return all;
  };
  const told = (since: string, pageSize?: number) =>
    entries(since, pageSize).map((entry) => (entry.kind === 'row' ? entry.row.values.name : `-${entry.id}`));

  beforeEach(() => {
    world = createWorld();
  });
  afterEach(() => world.store.close());

  it('are its rows by version, then its deletions, in pages of any size', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => world.add('account', { name }));
    const since = world.store.currentVersion();
    world.store.update({ ...b!, values: { name: 'b2' }, actor: world.actor });
    world.add('account', { name: 'd' });
    world.store.delete('account', a!.id);
    world.store.update({ ...c!, values: { name: 'c2' }, actor: world.actor });
    world.store.delete('account', c!.id);
    world.add('contact', { lastname: 'elsewhere' });
    for (const size of [1, 2, 3, 4, 5000]) {
      expect(told(since, size)).to.deep.equal(['b2', 'd', `-${a!.id}`, `-${c!.id}`]);
    }
    expect(world.store.countChanges('account', since)).to.equal(4);
    expect(told(world.store.currentVersion())).to.deep.equal([]);
  });

  it('are from the beginning all rows and no deletion', () => {
    world.add('account', { name: 'a' });
    world.store.delete('account', world.add('account', { name: 'gone' }).id);
    expect(told('0')).to.deep.equal(['a']);
    expect(world.store.countChanges('account', '0')).to.equal(1);
  });

  it('name a row once, however often it changed', () => {
    const row = world.add('account', { name: 'a' });
    const since = world.store.currentVersion();
    for (const name of ['b', 'c', 'd']) world.store.update({ ...row, values: { name }, actor: world.actor });
    expect(told(since)).to.deep.equal(['d']);
  });

  it('refuse a place that is none', () => {
    expect(refusalOf(() => told('1; drop table account')).status).to.equal(400);
    expect(
      refusalOf(() => world.store.changesSince('account', { since: '0', pageToken: 'x' })).status,
    ).to.equal(400);
  });
});

describe('a transaction that commits late', () => {
  let world: World;
  beforeEach(() => {
    world = createWorld();
  });
  afterEach(() => world.store.close());
  const late = (work: () => unknown) => world.store.commitLater(world.clock.ms + 60_000, work);
  const names = () => world.column('account', 'name', { orderBy: 'versionnumber' });

  it('shows its row with the time and the version of the beginning', () => {
    late(() => world.add('account', { name: 'late' }));
    world.clock.ms += 30_000;
    world.add('account', { name: 'quick' });
    expect(names()).to.deep.equal(['quick']);
    world.clock.ms += 30_000;
    expect(names()).to.deep.equal(['late', 'quick']);
    const [row] = world.find('account', { filter: "name eq 'late'" });
    expect(row!.values.modifiedon).to.equal('2024-05-15T10:30:00Z');
  });

  it('answers its writer at once', () => {
    const row = late(() => world.store.insert('account', { name: 'late' }, world.actor)) as { id: string };
    expect(world.store.read('account', row.id)).to.equal(undefined);
    world.clock.ms += 60_000;
    expect(world.store.read('account', row.id)!.values.name).to.equal('late');
  });

  it('holds the settled version back until it is seen', () => {
    const before = world.store.currentVersion();
    late(() => world.add('account', { name: 'late' }));
    world.add('account', { name: 'quick' });
    expect(world.store.settledVersion()).to.equal(before);
    world.clock.ms += 60_000;
    names();
    expect(world.store.settledVersion()).to.equal(world.store.currentVersion());
  });

  it('updates and deletes late, too', () => {
    const [a, b] = ['a', 'b'].map((name) => world.add('account', { name }));
    late(() => {
      world.store.update({ ...a!, values: { name: 'a2' }, actor: world.actor });
      world.store.delete('account', b!.id);
    });
    expect(names()).to.deep.equal(['a', 'b']);
    world.clock.ms += 60_000;
    expect(names()).to.deep.equal(['a2']);
  });

  it('is dropped when what it wrote no longer fits', () => {
    const accountid = '99999999-0000-4000-8000-000000000000';
    late(() => world.add('account', { accountid, name: 'late' }));
    world.add('account', { accountid, name: 'quick' });
    world.clock.ms += 60_000;
    expect(names()).to.deep.equal(['quick']);
  });

  it('leaves nothing behind when it fails', () => {
    expect(refusalOf(() => late(() => world.add('account', { nope: 1 }))).status).to.equal(400);
    world.clock.ms += 60_000;
    expect(names()).to.deep.equal([]);
  });
});
