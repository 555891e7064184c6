import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { openOrganizationStore } from '../../src/store/open-organization-store.ts';
import {
  catchDataverseError,
  createStoreFixture,
  parseTestApply,
  parseTestFilter,
  parseTestOrder,
  type StoreFixture,
} from './fixture.ts';

describe('store: $apply', () => {
  let fixture: StoreFixture;
  const rows = (apply: string, more: { filter?: string; orderBy?: string; top?: number } = {}) =>
    fixture.store.aggregate('opportunity', {
      apply: parseTestApply(apply),
      actor: fixture.actor,
      ...(more.filter !== undefined && { filter: parseTestFilter(more.filter) }),
      ...(more.orderBy !== undefined && { orderBy: parseTestOrder(more.orderBy) }),
      ...(more.top !== undefined && { top: more.top }),
    }).rows;

  before(() => {
    fixture = createStoreFixture();
    const [zoo, ant] = [fixture.add('account', { name: 'Zoo' }), fixture.add('account', { name: 'ant' })];
    fixture.add('opportunity', {
      name: 'A',
      estimatedvalue: '0.1',
      closeprobability: 10,
      parentaccountid: zoo,
    });
    fixture.add('opportunity', {
      name: 'a',
      estimatedvalue: '0.2',
      closeprobability: 15,
      parentaccountid: ant,
    });
    fixture.add('opportunity', { name: 'B', statecode: 1, parentaccountid: ant });
  });
  after(() => fixture.store.close());

  it('sums amounts exactly', () => {
    expect(rows('aggregate(estimatedvalue with sum as total)')).to.deep.equal([{ total: '0.3000' }]);
  });

  it('supports every aggregation method', () => {
    const all =
      'aggregate($count as n,estimatedvalue with average as mean,estimatedvalue with min as low,estimatedvalue with max as high,closeprobability with average as odds,name with countdistinct as names,createdon with max as last)';
    expect(rows(all)).to.deep.equal([
      {
        n: 3,
        mean: '0.1500',
        low: '0.1000',
        high: '0.2000',
        odds: 13,
        names: 2,
        last: '2024-05-15T10:30:00Z',
      },
    ]);
  });

  it('groups by columns, lookups and columns of related rows', () => {
    expect(rows('groupby((statecode),aggregate($count as n))')).to.deep.equal([
      { statecode: 0, n: 2 },
      { statecode: 1, n: 1 },
    ]);
    expect(rows('groupby((parentaccountid/name),aggregate($count as n))')).to.deep.equal([
      { account_name: 'ant', n: 2 },
      { account_name: 'Zoo', n: 1 },
    ]);
    expect(rows('groupby((_parentaccountid_value))')[0]!._parentaccountid_value).to.include({
      table: 'account',
    });
  });

  it('groups text without case', () => {
    expect(rows('groupby((name),aggregate($count as n))').map(({ n }) => n)).to.deep.equal([2, 1]);
  });

  it('filters before grouping, orders by groups and applies top', () => {
    expect(
      rows("filter(name eq 'a')/aggregate($count as n)", { filter: 'closeprobability gt 10' }),
    ).to.deep.equal([{ n: 1 }]);
    const ordered = rows('groupby((statecode))', { orderBy: 'statecode desc', top: 1 });
    expect(ordered).to.deep.equal([{ statecode: 1 }]);
    const error = catchDataverseError(() => rows('aggregate($count as n)', { orderBy: 'n' }));
    expect(error.message).to.equal('The query node SingleValueOpenPropertyAccess is not supported.');
  });

  it('returns one row with null values when no row matches', () => {
    expect(rows("filter(name eq 'x')/aggregate($count as n,estimatedvalue with sum as total)")).to.deep.equal(
      [{ n: 0, total: null }],
    );
  });

  it('rejects sums of non-numeric columns and more than one groupby', () => {
    expect(catchDataverseError(() => rows('aggregate(name with sum as total)')).status).to.equal(400);
    expect(catchDataverseError(() => rows('groupby((statecode))/groupby((name))')).status).to.equal(400);
    expect(catchDataverseError(() => rows('groupby((createdon))')).status).to.equal(400);
  });

  it('rejects more than 50,000 source rows', () => {
    const folder = mkdtempSync(join(tmpdir(), 'aggregate-test-'));
    const file = join(folder, 'large.sqlite');
    openOrganizationStore({ file }).close();
    // One statement instead of 50,000 inserts.
    const database = new DatabaseSync(file);
    database.exec(`INSERT INTO "subject" ("subjectid", "title", "versionnumber")
      WITH RECURSIVE "numbers" ("n") AS (SELECT 1 UNION ALL SELECT "n" + 1 FROM "numbers" WHERE "n" < 50000)
      SELECT printf('00000000-0000-4000-8000-%012d', "n"), 'x', 1 FROM "numbers"`);
    database.close();
    const store = openOrganizationStore({ file });
    const count = () =>
      store.aggregate('subject', {
        apply: parseTestApply('aggregate($count as n)'),
        actor: fixture.actor,
      });
    expect(count().rows).to.deep.equal([{ n: 50_000 }]);
    store.insert('subject', { title: 'One more' }, fixture.actor);
    expect(catchDataverseError(count).code).to.equal('0x8004e023');
    store.close();
    rmSync(folder, { recursive: true });
  });
});
