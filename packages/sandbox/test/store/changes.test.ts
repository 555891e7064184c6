import { expect } from 'chai';
import type { ChangeEntry } from '../../src/store/types.ts';
import { catchDataverseError, createStoreFixture, type StoreFixture } from './fixture.ts';

describe('changesSince', () => {
  let fixture: StoreFixture;
  const entries = (since: string, pageSize = 5000): ChangeEntry[] => {
    const all: ChangeEntry[] = [];
    let pageToken: string | undefined;
    do {
      const page = fixture.store.changesSince('account', {
        ...{ since, pageSize, select: ['name'] },
        ...(pageToken !== undefined && { pageToken }),
      });
      expect(page.entries.length).to.be.at.most(pageSize);
      all.push(...page.entries);
      pageToken = page.next;
    } while (pageToken !== undefined);
    return all;
  };
  const listChanges = (since: string, pageSize?: number) =>
    entries(since, pageSize).map((entry) => (entry.kind === 'row' ? entry.row.values.name : `-${entry.id}`));

  beforeEach(() => {
    fixture = createStoreFixture();
  });
  afterEach(() => fixture.store.close());

  it('returns rows by version, then deletions, in pages of any size', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => fixture.add('account', { name }));
    const since = fixture.store.currentVersion();
    fixture.store.update({ ...b!, values: { name: 'b2' }, actor: fixture.actor });
    fixture.add('account', { name: 'd' });
    fixture.store.delete('account', a!.id);
    fixture.store.update({ ...c!, values: { name: 'c2' }, actor: fixture.actor });
    fixture.store.delete('account', c!.id);
    fixture.add('contact', { lastname: 'elsewhere' });
    for (const size of [1, 2, 3, 4, 5000]) {
      expect(listChanges(since, size)).to.deep.equal(['b2', 'd', `-${a!.id}`, `-${c!.id}`]);
    }
    expect(fixture.store.countChanges('account', since)).to.equal(4);
    expect(listChanges(fixture.store.currentVersion())).to.deep.equal([]);
  });

  it('returns all rows and no deletions since version 0', () => {
    fixture.add('account', { name: 'a' });
    fixture.store.delete('account', fixture.add('account', { name: 'gone' }).id);
    expect(listChanges('0')).to.deep.equal(['a']);
    expect(fixture.store.countChanges('account', '0')).to.equal(1);
  });

  it('returns a row once, however often it changed', () => {
    const row = fixture.add('account', { name: 'a' });
    const since = fixture.store.currentVersion();
    for (const name of ['b', 'c', 'd'])
      fixture.store.update({ ...row, values: { name }, actor: fixture.actor });
    expect(listChanges(since)).to.deep.equal(['d']);
  });

  it('rejects an invalid version', () => {
    expect(catchDataverseError(() => listChanges('1; drop table account')).status).to.equal(400);
    expect(
      catchDataverseError(() => fixture.store.changesSince('account', { since: '0', pageToken: 'x' })).status,
    ).to.equal(400);
  });
});

describe('commitLater', () => {
  let fixture: StoreFixture;
  beforeEach(() => {
    fixture = createStoreFixture();
  });
  afterEach(() => fixture.store.close());
  const late = (work: () => unknown) => fixture.store.commitLater(fixture.clock.ms + 60_000, work);
  const names = () => fixture.column('account', 'name', { orderBy: 'versionnumber' });

  it('keeps the time and the version of the start of the work', () => {
    late(() => fixture.add('account', { name: 'late' }));
    fixture.clock.ms += 30_000;
    fixture.add('account', { name: 'quick' });
    expect(names()).to.deep.equal(['quick']);
    fixture.clock.ms += 30_000;
    expect(names()).to.deep.equal(['late', 'quick']);
    const [row] = fixture.find('account', { filter: "name eq 'late'" });
    expect(row!.values.modifiedon).to.equal('2024-05-15T10:30:00Z');
  });

  it('returns the result at once', () => {
    const row = late(() => fixture.store.insert('account', { name: 'late' }, fixture.actor)) as {
      id: string;
    };
    expect(fixture.store.read('account', row.id)).to.equal(undefined);
    fixture.clock.ms += 60_000;
    expect(fixture.store.read('account', row.id)!.values.name).to.equal('late');
  });

  it('holds visibleVersion back until the commit', () => {
    const before = fixture.store.currentVersion();
    late(() => fixture.add('account', { name: 'late' }));
    fixture.add('account', { name: 'quick' });
    expect(fixture.store.visibleVersion()).to.equal(before);
    fixture.clock.ms += 60_000;
    names();
    expect(fixture.store.visibleVersion()).to.equal(fixture.store.currentVersion());
  });

  it('delays updates and deletes', () => {
    const [a, b] = ['a', 'b'].map((name) => fixture.add('account', { name }));
    late(() => {
      fixture.store.update({ ...a!, values: { name: 'a2' }, actor: fixture.actor });
      fixture.store.delete('account', b!.id);
    });
    expect(names()).to.deep.equal(['a', 'b']);
    fixture.clock.ms += 60_000;
    expect(names()).to.deep.equal(['a2']);
  });

  it('drops writes that no longer apply', () => {
    const accountid = '99999999-0000-4000-8000-000000000000';
    late(() => fixture.add('account', { accountid, name: 'late' }));
    fixture.add('account', { accountid, name: 'quick' });
    fixture.clock.ms += 60_000;
    expect(names()).to.deep.equal(['quick']);
  });

  it('leaves nothing behind when the work throws', () => {
    expect(catchDataverseError(() => late(() => fixture.add('account', { nope: 1 }))).status).to.equal(400);
    fixture.clock.ms += 60_000;
    expect(names()).to.deep.equal([]);
  });
});
