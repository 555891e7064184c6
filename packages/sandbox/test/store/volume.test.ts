import { expect } from 'chai';
import { createStoreFixture, parseTestFilter, parseTestOrder, type StoreFixture } from './fixture.ts';

/** Number of rows: VOLUME=100000 for a long run, fewer by default. */
const rows = Number(process.env.VOLUME ?? 15_000);

describe(`store with ${rows} cases`, () => {
  let fixture: StoreFixture;
  let start: string;

  before(() => {
    fixture = createStoreFixture();
    const customerid = fixture.add('account', { name: 'Works' });
    start = fixture.store.currentVersion();
    fixture.store.transaction(() => {
      for (let i = 0; i < rows; i++) {
        if (i % 10 === 0) fixture.clock.ms += 1000;
        fixture.store.insert('incident', { title: `Case ${i}`, customerid, statecode: i % 2 }, fixture.actor);
      }
    });
  });
  after(() => fixture.store.close());

  it('pages return every row once, in time order with ties', () => {
    const ids = new Set<string>();
    let pageToken: string | undefined;
    let last = '';
    do {
      const page = fixture.store.query('incident', {
        ...{ actor: fixture.actor, orderBy: parseTestOrder('modifiedon,incidentid'), select: ['modifiedon'] },
        ...{ pageSize: 999, filter: parseTestFilter('modifiedon ge 2024-05-15') },
        ...(pageToken !== undefined && { pageToken }),
      });
      for (const { id, values } of page.rows) {
        const key = `${values.modifiedon} ${id}`;
        expect(key > last).to.equal(true);
        last = key;
        ids.add(id);
      }
      pageToken = page.next;
    } while (pageToken !== undefined);
    expect(ids.size).to.equal(rows);
  });

  it('changes return every row once', () => {
    let entryCount = 0;
    let pageToken: string | undefined;
    do {
      const page = fixture.store.changesSince('incident', {
        ...{ since: start, select: ['incidentid'] },
        ...(pageToken !== undefined && { pageToken }),
      });
      entryCount += page.entries.length;
      pageToken = page.next;
    } while (pageToken !== undefined);
    expect(entryCount).to.equal(rows);
  });

  it('indexed columns find and count rows', () => {
    const count = (filter: string) =>
      fixture.store.count('incident', { filter: parseTestFilter(filter), actor: fixture.actor });
    expect(count('statecode eq 1')).to.equal(Math.floor(rows / 2));
    expect(count("title eq 'case 777'")).to.equal(1);
    expect(count("customerid_account/name eq 'works'")).to.equal(rows);
  });
});
