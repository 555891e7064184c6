import { expect } from 'chai';
import fc from 'fast-check';
import type { StoredRow, StoreQuery } from '../../src/store/types.ts';
import {
  catchDataverseError,
  createStoreFixture,
  parseTestFilter,
  parseTestOrder,
  type StoreFixture,
} from './fixture.ts';

/** The rows of all pages of a query. */
function walk(
  fixture: StoreFixture,
  table: string,
  request: Partial<StoreQuery>,
  between = () => {},
): StoredRow[][] {
  const pages: StoredRow[][] = [];
  let pageToken: string | undefined;
  do {
    const result = fixture.store.query(table, {
      actor: fixture.actor,
      ...request,
      ...(pageToken !== undefined && { pageToken }),
    });
    pages.push([...result.rows]);
    expect(result.page).to.equal(pages.length);
    pageToken = result.next;
    between();
  } while (pageToken !== undefined);
  return pages;
}

describe('store: paging', () => {
  let fixture: StoreFixture;
  beforeEach(() => {
    fixture = createStoreFixture();
  });
  afterEach(() => fixture.store.close());

  it('returns every row once in any order, including ties and null values', () => {
    const names = ['b', 'B', 'ä', 'a', null];
    for (let i = 0; i < 60; i++) {
      fixture.add('account', { name: names[i % 5]!, revenue: i % 7 === 0 ? null : `${i % 4}.5` });
    }
    const orders = [
      'name',
      'name desc',
      'revenue,name desc',
      'revenue desc,accountid',
      'createdon desc',
      'accountid',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...orders), fc.integer({ min: 1, max: 61 }), (order, pageSize) => {
        const orderBy = parseTestOrder(order);
        const paged = walk(fixture, 'account', { orderBy, pageSize })
          .flat()
          .map(({ id }) => id);
        const whole = walk(fixture, 'account', { orderBy })
          .flat()
          .map(({ id }) => id);
        expect(paged).to.deep.equal(whole);
        expect(new Set(paged).size).to.equal(60);
      }),
      { numRuns: 60 },
    );
  });

  it('sorts null values first, or last in descending order', () => {
    for (const name of ['b', null, 'a']) fixture.add('account', { name });
    expect(fixture.column('account', 'name', { orderBy: 'name' })).to.deep.equal([null, 'a', 'b']);
    expect(fixture.column('account', 'name', { orderBy: 'name desc' })).to.deep.equal(['b', 'a', null]);
  });

  it('orders lookups by the name of the referenced row and choices by number', () => {
    const [zoo, ant] = [fixture.add('account', { name: 'Zoo' }), fixture.add('account', { name: 'ant' })];
    fixture.add('incident', { title: 'one', customerid: zoo, prioritycode: 1 });
    fixture.add('incident', { title: 'two', customerid: ant, prioritycode: 2 });
    expect(fixture.column('incident', 'title', { orderBy: '_customerid_value' })).to.deep.equal([
      'two',
      'one',
    ]);
    expect(fixture.column('incident', 'title', { orderBy: 'prioritycode desc' })).to.deep.equal([
      'two',
      'one',
    ]);
    expect(fixture.column('incident', 'title', { orderBy: 'customerid_account/name desc' })).to.deep.equal([
      'one',
      'two',
    ]);
  });

  it('loses no existing row while others are inserted and deleted', () => {
    const ids = Array.from({ length: 40 }, (_, i) => fixture.add('account', { name: `${i}` }).id);
    let count = 0;
    const pages = walk(fixture, 'account', { pageSize: 7 }, () => {
      fixture.add('account', { name: `later ${count}` });
      fixture.store.delete('account', fixture.add('account', { name: 'brief' }).id);
      count += 1;
    });
    const seen = pages.flat().map(({ id }) => id);
    expect(seen).to.include.members(ids);
    expect(new Set(seen).size).to.equal(seen.length);
  });

  it('applies top over all pages', () => {
    for (let i = 0; i < 10; i++) fixture.add('account', { name: `${i}` });
    expect(walk(fixture, 'account', { pageSize: 3, top: 7 }).map(({ length }) => length)).to.deep.equal([
      3, 3, 1,
    ]);
    expect(walk(fixture, 'account', { pageSize: 3, top: 6 }).map(({ length }) => length)).to.deep.equal([
      3, 3,
    ]);
    expect(walk(fixture, 'account', { top: 0 }).flat()).to.deep.equal([]);
  });

  it('reads rows without an order in SQL Server’s order of GUIDs', () => {
    const sorted = [
      'ffffffff-ffff-ffff-ffff-0000000000aa',
      'ffffffff-ffff-ffff-0001-0000000000ab',
      'ffffffff-ffff-ff00-0002-0000000000ab',
      '00000001-ff00-ff11-0002-0000000000ab',
      'ff000001-00ff-ff11-0002-0000000000ab',
      '00000002-00ff-ff11-0002-0000000000ab',
      'ffffffff-ffff-00ff-0002-0000000000ab',
    ];
    for (const accountid of [...sorted].reverse()) fixture.add('account', { accountid, name: accountid });
    const ids = walk(fixture, 'account', { pageSize: 2 })
      .flat()
      .map(({ id }) => id);
    expect(ids).to.deep.equal(sorted);
  });

  it('reads rows whose ids the store gives in the order of their creation', () => {
    const ids = Array.from({ length: 300 }, (_, i) => fixture.add('account', { name: `${i}` }).id);
    expect(
      walk(fixture, 'account', { pageSize: 100 })
        .flat()
        .map(({ id }) => id),
    ).to.deep.equal(ids);
  });

  it('reads in the order of a filtered time column', () => {
    for (let i = 0; i < 20; i++) {
      fixture.clock.ms += i % 3 === 0 ? 1000 : 0;
      fixture.add('account', { name: `${i}` });
    }
    const filter = parseTestFilter('modifiedon ge 2024-05-15T10:30:03Z and name ne null');
    const paged = walk(fixture, 'account', { filter, pageSize: 4 }).flat();
    expect(paged.map(({ values }) => values.name)).to.deep.equal(
      fixture.column('account', 'name', { filter: 'modifiedon ge 2024-05-15T10:30:03Z' }),
    );
    expect(paged).to.have.length(14);
  });

  it('pages the view of all activities', () => {
    for (let i = 0; i < 6; i++) fixture.add(i % 2 ? 'task' : 'email', { subject: `${i}` });
    const pages = walk(fixture, 'activitypointer', { pageSize: 4 });
    expect(
      pages
        .flat()
        .map(({ table }) => table)
        .sort(),
    ).to.deep.equal([...['email', 'email', 'email', 'task', 'task', 'task']]);
  });

  it('counts up to 5,000 and reports when there are more', () => {
    fixture.store.transaction(() => {
      for (let i = 0; i < 5001; i++) fixture.add('subject', { title: `${i}` });
    });
    const counted = (filter?: string) =>
      fixture.store.query('subject', {
        actor: fixture.actor,
        count: true,
        pageSize: 1,
        ...(filter && { filter: parseTestFilter(filter) }),
      });
    expect(counted()).to.include({ count: 5000, countLimitExceeded: true });
    expect(counted("title eq '7'")).to.include({ count: 1, countLimitExceeded: false });
    expect(fixture.store.count('subject')).to.equal(5001);
  });

  it('rejects an invalid page token', () => {
    fixture.add('account', { name: 'x' });
    const tokens = ['', 'x', 'W10', Buffer.from('[1,2,"x","y","z"]').toString('base64url')];
    for (const pageToken of [...tokens.slice(1), Buffer.from('[2,1,{}]').toString('base64url')]) {
      const query = () => fixture.find('account', {}, { pageToken });
      expect(catchDataverseError(query).code, pageToken).to.equal('0x8004112a');
    }
  });
});
