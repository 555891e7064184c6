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

/** All rows of a query over all its pages. */
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

describe('paging in the sandbox', () => {
  let fixture: StoreFixture;
  beforeEach(() => {
    fixture = createStoreFixture();
  });
  afterEach(() => fixture.store.close());

  it('gives every row once, in any order, ties and missing values included', () => {
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

  it('puts rows without a value first, last when descending', () => {
    for (const name of ['b', null, 'a']) fixture.add('account', { name });
    expect(fixture.column('account', 'name', { orderBy: 'name' })).to.deep.equal([null, 'a', 'b']);
    expect(fixture.column('account', 'name', { orderBy: 'name desc' })).to.deep.equal(['b', 'a', null]);
  });

  it('orders lookups by the name of the row they point at, choices by their number', () => {
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

  it('loses no row that was there from the beginning while others come and go', () => {
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

  it('stops at top, over all pages', () => {
    for (let i = 0; i < 10; i++) fixture.add('account', { name: `${i}` });
    expect(walk(fixture, 'account', { pageSize: 3, top: 7 }).map(({ length }) => length)).to.deep.equal([
      3, 3, 1,
    ]);
    expect(walk(fixture, 'account', { pageSize: 3, top: 6 }).map(({ length }) => length)).to.deep.equal([
      3, 3,
    ]);
    expect(walk(fixture, 'account', { top: 0 }).flat()).to.deep.equal([]);
  });

  it('comes along a time that the filter bounds, and pages it well', () => {
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

  it('pages all activities at once', () => {
    for (let i = 0; i < 6; i++) fixture.add(i % 2 ? 'task' : 'email', { subject: `${i}` });
    const pages = walk(fixture, 'activitypointer', { pageSize: 4 });
    expect(
      pages
        .flat()
        .map(({ table }) => table)
        .sort(),
    ).to.deep.equal([...['email', 'email', 'email', 'task', 'task', 'task']]);
  });

  it('counts to 5,000 and says when there are more', () => {
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

  it('refuses a page token that is none of its own', () => {
    fixture.add('account', { name: 'x' });
    const tokens = ['', 'x', 'W10', Buffer.from('[1,2,"x","y","z"]').toString('base64url')];
    for (const pageToken of [...tokens.slice(1), Buffer.from('[2,1,"1; drop"]').toString('base64url')]) {
      const query = () => fixture.find('account', {}, { pageToken });
      expect(catchDataverseError(query).code, pageToken).to.equal('0x8004112a');
    }
  });
});
