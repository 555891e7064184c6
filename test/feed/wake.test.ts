import { expect } from 'chai';
import type { FeedWake, ReadLimits, ResolvedWatch } from '../../src/feed/feed.ts';
import type { Checkpoint } from '../../src/model/plan.ts';
import { contextOf, minute, poll, requestOf, second } from './fixtures.ts';
import { SimulatedOrg } from './simulated-org.ts';

/** A trigger over an organization, whose first poll has been made. */
async function open(watch: Partial<ResolvedWatch> = {}, filtersVersions = true) {
  const org = new SimulatedOrg({ filtersVersions });
  const context = contextOf(org.reader, watch);
  let checkpoint: Checkpoint | undefined;
  const next = async (wake?: FeedWake, limits?: Partial<ReadLimits>) => {
    org.queries.length = 0;
    const result = await poll(context, requestOf({ checkpoint, wake, limits }));
    checkpoint = result.checkpoint;
    return { items: result.items.map(({ change, row }) => `${change} ${String(row.id).slice(-2)}`), result };
  };
  return { org, next };
}

describe('feed: a poll that a wake caused', () => {
  it('reads only what is newer than the last poll, with one request', async () => {
    const { org, next } = await open();
    for (let made = 0; made < 5; made++) org.insert();
    await next();
    org.wait(second);
    org.insert();
    expect((await next({})).items).to.deep.equal(['created 06']);
    expect(org.queries.map(({ filter }) => filter)).to.deep.equal(['versionnumber gt 1005']);
    org.insert();
    expect((await next({})).items).to.deep.equal(['created 07']);
    expect(org.queries.map(({ filter }) => filter)).to.deep.equal(['versionnumber gt 1006']);
  });

  it('leaves a late commit to the next poll of the overlap, which reports it once', async () => {
    const { org, next } = await open();
    await next();
    org.insert({ commitsAfterMs: 30 * second });
    org.insert();
    expect((await next({})).items).to.deep.equal(['created 02']);
    org.wait(minute);
    expect((await next({})).items).to.deep.equal([]);
    expect((await next()).items).to.deep.equal(['created 01']);
    expect((await next()).items).to.deep.equal([]);
  });

  it('reads parts of a long list one after another', async () => {
    const { org, next } = await open();
    await next();
    for (let made = 0; made < 7; made++) org.insert();
    const found: string[] = [];
    for (let hasMore = true; hasMore; ) {
      const { items, result } = await next({}, { pageSize: 2, pages: 1 });
      found.push(...items);
      ({ hasMore } = result);
    }
    expect(found).to.have.length(7);
    expect(new Set(found)).to.have.length(7);
  });

  it('reads the overlap if the organization cannot filter on versions', async () => {
    const { org, next } = await open({}, false);
    await next();
    org.wait(second);
    org.insert();
    expect((await next({})).items).to.deep.equal(['created 01']);
    expect(org.queries[0]?.filter).to.match(/^modifiedon ge /);
  });

  it('reports a deletion that Dataverse confirms, and not again when change tracking reports it', async () => {
    const { org, next } = await open({ changes: ['deleted'] });
    const [gone, present] = [org.insert(), org.insert()] as const;
    await next();
    org.wait(20 * minute);
    while ((await next()).result.hasMore);
    org.remove(gone);
    const { items } = await next({ deletedIds: [gone, present, gone] });
    expect(items).to.deep.equal(['deleted 01']);
    expect((await next({ deletedIds: [gone] })).items).to.deep.equal([]);
    for (let polls = 0; polls < 4; polls++) {
      org.wait(6 * minute);
      expect((await next()).items).to.deep.equal([]);
    }
    org.remove(present);
    expect((await next()).items).to.deep.equal(['deleted 02']);
  });

  it('leaves deletions to the scan of all keys while that runs', async () => {
    const { org, next } = await open({ changes: ['deleted'] });
    const gone = org.insert();
    org.remove(gone);
    expect((await next({ deletedIds: [gone] })).items).to.deep.equal([]);
  });

  it('sends nothing if nothing is watched that a wake can tell', async () => {
    const { org, next } = await open({ changes: ['deleted'] });
    await next();
    expect((await next({})).items).to.deep.equal([]);
    expect(org.queries).to.deep.equal([]);
  });
});
