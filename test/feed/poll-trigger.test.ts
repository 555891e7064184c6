import { expect } from 'chai';
import { createMemoryStore } from '../../src/client/memory-store.ts';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import type { ResolvedWatch } from '../../src/feed/feed.ts';
import type { RowQuery, RowReader } from '../../src/feed/row-reader-port.ts';
import type { PollItem } from '../../src/model/plan.ts';
import { contextOf, hour, minute, type PollRequest, poll, requestOf, second } from './fixtures.ts';
import { SimulatedHost } from './simulated-host.ts';
import { type OrgBehavior, SimulatedOrg } from './simulated-org.ts';
import { userId } from './simulated-query.ts';

/** An organization, and a host that polls a trigger of it. */
function setUp(watch: Partial<ResolvedWatch> = {}, temper: Partial<OrgBehavior> = {}) {
  const org = new SimulatedOrg(temper);
  const context = contextOf(org.reader, watch);
  const host = new SimulatedHost(context);
  return { org, context, host };
}

/** What a round tells: `created 3`, with the last digit of the record's id. */
async function tell(host: SimulatedHost, request: Partial<PollRequest> = {}): Promise<string[]> {
  return (await host.round(request)).items.map(inShort);
}

function rowOf(id: string) {
  return { incidentid: id, createdon: '2026-03-01T08:00:00Z', modifiedon: '1970-01-01T00:00:00Z' };
}

function inQueue(digit: number, name: string) {
  return {
    _queueid_value: `${digit}b29fc40-ca47-1067-b31d-00dd010662da`,
    '_queueid_value@OData.Community.Display.V1.FormattedValue': name,
  };
}

function inShort({ change, row }: PollItem): string {
  return `${change} ${String(row.id).slice(-1)}`;
}

describe('poll: first poll', () => {
  it('sets the cursor by the organization’s clock and reports nothing', async () => {
    const { org, host } = setUp();
    org.insert();
    expect(await host.round()).to.deep.include({ items: [], hasMore: false });
    expect(await tell(host)).to.deep.equal([]);
    org.wait(second);
    org.insert();
    expect(await tell(host)).to.deep.equal(['created 2']);
  });

  it('reads only rows within the overlap, and of them only the key and times', async () => {
    const { org, host } = setUp();
    org.insert();
    org.wait(hour);
    await host.round();
    const [, , fill] = org.queries;
    expect(fill?.filter).to.equal('modifiedon ge 2026-03-01T08:50:00Z');
    expect(fill?.select).to.deep.equal(['incidentid', 'createdon', 'modifiedon', '_modifiedby_value']);
  });

  it('reports created and updated rows since `from`', async () => {
    const { org, host } = setUp();
    org.insert();
    org.insert();
    org.wait(hour);
    org.insert();
    org.update('00000000-0000-4000-8000-000000000002');
    expect(await tell(host, { from: '2026-03-01T09:00:00Z' })).to.deep.equal(['updated 2', 'created 3']);
  });

  it('reports every row once as created with from: beginning', async () => {
    const { org, host } = setUp();
    for (let made = 0; made < 7; made++) org.insert();
    org.wait(24 * hour);
    const told: string[] = [];
    for (let more = true; more; ) {
      const result = await host.round({ from: 'beginning', limits: { pageSize: 3, pages: 1 } });
      told.push(...result.items.map(inShort));
      more = result.hasMore;
    }
    expect(told).to.deep.equal([1, 2, 3, 4, 5, 6, 7].map((n) => `created ${n}`));
    expect(await tell(host)).to.deep.equal([]);
  });

  it('rejects an invalid date in `from`', async () => {
    const { context } = setUp();
    const error = await poll(context, requestOf({ from: 'tomorrow' })).catch((thrown) => thrown);
    expect(error).to.be.instanceOf(ConnectorError).with.property('code', 'INPUT_INVALID');
  });
});

describe('poll: later polls', () => {
  it('reports a change that committed after later changes were reported', async () => {
    const { org, host } = setUp();
    await host.round();
    org.insert({ commitsAfterMs: 2 * minute });
    org.wait(minute);
    org.insert();
    expect(await tell(host)).to.deep.equal(['created 2']);
    org.wait(minute);
    expect(await tell(host)).to.deep.equal(['created 1']);
  });

  it('reports a row that was being created during the first poll', async () => {
    const { org, host } = setUp();
    org.insert({ commitsAfterMs: minute });
    await host.round();
    org.wait(minute);
    expect(await tell(host)).to.deep.equal(['created 1']);
  });

  it('reports a row as created, then as updated, and several changes between two polls as one', async () => {
    const { org, host } = setUp();
    await host.round();
    const id = org.insert();
    org.wait(second);
    org.update(id);
    expect(await tell(host)).to.deep.equal(['created 1']);
    org.update(id);
    org.update(id);
    expect(await tell(host)).to.deep.equal(['updated 1']);
    org.wait(5 * hour);
    org.update(id);
    expect(await tell(host)).to.deep.equal(['updated 1']);
  });

  it('reports the newer of two versions if a replica returns the older one last', async () => {
    const { org, context, host } = setUp();
    await host.round();
    const id = org.insert();
    const row = (version: number) => ({
      ...rowOf(id),
      '@odata.etag': `W/"${version}"`,
      title: `v${version}`,
    });
    const page = (version: number) => ({ rows: [row(version)], serverTimeMs: org.nowMs });
    const reader = {
      ...org.reader,
      read: async () => ({ ...page(2002), nextLink: 'two' }),
      next: async () => page(2001),
    };
    const { items } = await poll({ ...context, reader }, requestOf({ checkpoint: host.saved.checkpoint }));
    expect(items.map((item) => item.row.title)).to.deep.equal(['v2002']);
  });

  it('reports only the kinds of change that the trigger watches', async () => {
    const { org, host } = setUp({ changes: ['created'] });
    const id = org.insert();
    await host.round();
    org.update(id);
    org.insert();
    expect(await tell(host)).to.deep.equal(['created 2']);
  });

  it('reports a row with a back-dated createdon as updated (a known limit)', async () => {
    const { org, host } = setUp();
    await host.round();
    org.insert({ bornEarlier: true });
    expect(await tell(host)).to.deep.equal(['updated 1']);
  });

  it('reports every change once after hours without polls', async () => {
    const { org, host } = setUp();
    await host.round();
    for (let hours = 0; hours < 9; hours++) {
      org.insert();
      org.wait(hour);
    }
    expect(await tell(host)).to.have.length(9);
    expect(await tell(host)).to.deep.equal([]);
  });

  it('returns the same id for the same change, and shapes the row', async () => {
    const { org, context } = setUp();
    const first = await poll(context, requestOf());
    const id = org.insert({ columns: { prioritycode: 1 } });
    const request = requestOf({ checkpoint: first.checkpoint });
    const [item] = (await poll(context, request)).items;
    const [again] = (await poll(context, request)).items;
    expect(item).to.deep.equal(again);
    expect(item).to.deep.include({ change: 'created', at: '2026-03-01T08:00:00.000Z' });
    expect(item?.row).to.include({ id, priority: 'high' });
  });

  it('sends one request and stores nothing if there is no change', async () => {
    const { org, context, host } = setUp();
    await host.round();
    org.wait(minute);
    const keys = await context.services.store.keys('');
    const asked = org.queries.length;
    await host.round();
    expect(org.queries.length - asked).to.equal(1);
    expect(await context.services.store.keys('')).to.deep.equal(keys);
  });

  it('uses an overlap of at least three minutes', async () => {
    const { org, host } = setUp();
    await host.round({ overlapMs: 0 });
    org.wait(hour);
    await host.round({ overlapMs: 0 });
    await host.round({ overlapMs: 0 });
    expect(org.queries.at(-1)?.filter).to.equal('modifiedon ge 2026-03-01T08:57:00Z');
  });

  it('stores a row with an invalid key as a dead letter once, and continues', async () => {
    const { org, context, host } = setUp();
    await host.round();
    org.insert();
    org.poison = [{ incidentid: null, title: 'Broken' }];
    expect(await tell(host)).to.deep.equal(['created 1']);
    await host.round();
    const letters = (await context.services.store.keys('feed/')).filter((key) =>
      key.includes('/dead-letters/'),
    );
    expect(letters).to.have.length(1);
    expect(context.logged.map(({ event, fields }) => [event, fields.count])).to.deep.equal([
      ['feed.dead-letters', 1],
    ]);
    expect(JSON.stringify(context.logged)).to.not.include('Broken');
  });

  it('skips changes of ignoreChangesBy, and reports later changes by other users', async () => {
    const { org, host } = setUp();
    const request = { ignoreChangesBy: userId('b').toUpperCase() };
    await host.round(request);
    const id = org.insert({ by: 'b' });
    expect(await tell(host, request)).to.deep.equal([]);
    org.update(id, { by: 'a' });
    expect(await tell(host, request)).to.deep.equal(['updated 1']);
  });

  it('rejects a checkpoint of other params before reading', async () => {
    const { org, context, host } = setUp();
    await host.round();
    const asked = org.queries.length;
    const request = { params: { priority: 'high' }, checkpoint: host.saved.checkpoint };
    const error = await poll(context, request).catch((thrown) => thrown);
    expect(error).to.be.instanceOf(ConnectorError).with.property('code', 'CHECKPOINT_INVALID');
    expect(org.queries.length).to.equal(asked);
  });
});

describe('poll: cursor with versions', () => {
  it('starts once the first watermark is one overlap old, and finds a back-dated change', async () => {
    const { org, host } = setUp({}, { filtersVersions: true });
    const id = org.insert();
    await host.round();
    org.wait(11 * minute);
    await host.round();
    org.update(id, { backMs: 300 * hour });
    expect(await tell(host)).to.deep.equal(['updated 1']);
    expect(org.queries.at(-1)).to.include({ filter: 'versionnumber gt 1001', orderBy: 'versionnumber asc' });
  });

  it('repeats no item when it switches from times to versions', async () => {
    const { org, host } = setUp({}, { filtersVersions: true });
    await host.round();
    org.insert({ backMs: 9 * minute, commitsAfterMs: 0 });
    expect(await tell(host)).to.deep.equal(['created 1']);
    for (let minutes = 0; minutes < 25; minutes++) {
      org.wait(minute);
      org.insert();
      expect(await tell(host)).to.have.length(1);
    }
  });

  it('is not used if the organization rejects it', async () => {
    const { org, host } = setUp();
    await host.round();
    org.wait(hour);
    await host.round();
    await host.round();
    const onVersions = org.queries.filter(({ filter }) => filter?.includes('versionnumber'));
    expect(onVersions).to.have.length(1);
  });

  it('does not treat a server error as a rejection', async () => {
    const { org, context } = setUp();
    for (const status of [401, 403, 429, 503]) {
      const failure = new ConnectorError('UNAVAILABLE', 'Later.', { status });
      const reader = { ...org.reader, read: async () => Promise.reject(failure) };
      const error = await poll({ ...context, reader }, requestOf()).catch((thrown) => thrown);
      expect(error).to.equal(failure);
    }
  });
});

describe('poll: a trigger with columns', () => {
  /** A reader with three rows to a page of the walk over all rows. */
  function withSmallPages({ reader }: SimulatedOrg): RowReader {
    const read = (query: RowQuery) =>
      reader.read(query.filter === undefined ? { ...query, pageSize: Math.min(query.pageSize, 3) } : query);
    return { ...reader, read };
  }

  it('reports the first change of a row that is older than the trigger', async () => {
    const { org, host } = setUp({ changes: ['updated'], columns: ['priority'] });
    const ids = Array.from({ length: 9 }, () => org.insert({ columns: { prioritycode: 3 } }));
    org.wait(hour);
    await host.round();
    for (const id of ids) org.update(id, { columns: { prioritycode: 1 } });
    expect(await tell(host)).to.have.length(9);
  });

  it('reports a change of a row that the walk over all rows has not met yet as uncertain', async () => {
    const { org, context } = setUp({ changes: ['updated'], columns: ['priority'] });
    const ids = Array.from({ length: 7 }, () => org.insert({ columns: { prioritycode: 3 } }));
    org.wait(hour);
    const paged = { ...context, reader: withSmallPages(org) };
    let { checkpoint, hasMore } = await poll(paged, requestOf({ limits: { pages: 1 } }));
    expect(hasMore).to.equal(true);
    org.update(ids[0] ?? '', { columns: { description: 'x' } });
    org.update(ids[6] ?? '', { columns: { description: 'x' } });
    const told: string[] = [];
    for (let polls = 0; hasMore && polls < 9; polls++) {
      const next = await poll(paged, requestOf({ checkpoint, limits: { pages: 1 } }));
      told.push(...next.items.map((item) => `${inShort(item)} ${item.uncertain ?? false}`));
      ({ checkpoint, hasMore } = next);
    }
    expect(told).to.deep.equal(['updated 7 true']);
  });

  it('walks only the column that another trigger of the feed watches besides', async () => {
    const { org, context } = setUp({ changes: ['updated'], columns: ['priority'] });
    org.insert({ columns: { prioritycode: 3 } });
    org.wait(hour);
    await poll(context, requestOf());
    const watch = { ...context.trigger.watch, columns: ['queue'] };
    await poll({ ...context, trigger: { id: 'case.moved', watch } }, requestOf());
    const walks = org.queries.filter(({ pageSize }) => pageSize === 5000).map(({ select }) => select);
    expect(walks.slice(-2)).to.deep.equal([
      ['incidentid', 'createdon', 'modifiedon', 'prioritycode'],
      ['incidentid', 'createdon', 'modifiedon', '_queueid_value'],
    ]);
  });

  it('reports a change that only the walk has read before the row changed again', async () => {
    const { org, host } = setUp({ changes: ['updated'], columns: ['priority'] });
    const id = org.insert({ columns: { prioritycode: 3 } });
    org.wait(hour);
    let answers = 0;
    // Between the read of changes and the walk.
    org.betweenPages = () => {
      if (++answers === 2) org.update(id, { columns: { prioritycode: 1 } });
    };
    await host.round();
    org.betweenPages = () => {};
    org.update(id);
    await host.round();
    expect(host.saved.completed.map(({ row, uncertain }) => [row.priority, uncertain])).to.deep.equal([
      ['high', true],
    ]);
  });

  it('starts the walk over all rows again when its link has expired', async () => {
    const { org, context } = setUp({ changes: ['updated'], columns: ['priority'] });
    for (let made = 0; made < 7; made++) org.insert({ columns: { prioritycode: 3 } });
    org.wait(hour);
    const paged = { ...context, reader: withSmallPages(org) };
    let { checkpoint, hasMore } = await poll(paged, requestOf({ limits: { pages: 1 } }));
    org.expireLinks();
    for (let polls = 0; hasMore && polls < 9; polls++)
      ({ checkpoint, hasMore } = await poll(paged, requestOf({ checkpoint, limits: { pages: 1 } })));
    expect(hasMore).to.equal(false);
  });

  it('reports a row only when a watched column changed', async () => {
    const { org, host } = setUp({ changes: ['updated'], columns: ['priority'] });
    const old = org.insert({ columns: { prioritycode: 3 } });
    org.wait(hour);
    await host.round();
    org.update(old, { columns: { description: 'x' } });
    expect(await tell(host)).to.deep.equal([]);
    org.update(old, { columns: { prioritycode: 2 } });
    expect(await tell(host)).to.deep.equal(['updated 1']);
    org.wait(5 * hour);
    org.update(old, { columns: { description: 'y' } });
    expect(await tell(host)).to.deep.equal([]);
  });

  it('reports a new row with any values', async () => {
    const { org, host } = setUp({ columns: ['priority'] });
    await host.round();
    org.insert();
    expect(await tell(host)).to.deep.equal(['created 1']);
  });

  it('changedTo: reports a change to the value, not a row that keeps it or is created with it', async () => {
    const { org, host } = setUp({
      changes: ['updated'],
      columns: ['priority'],
      changedTo: { priority: 'high' },
    });
    const id = org.insert({ columns: { prioritycode: 2 } });
    await host.round();
    org.insert({ columns: { prioritycode: 1 } });
    expect(await tell(host)).to.deep.equal([]);
    org.update(id, { columns: { prioritycode: 1 } });
    expect(await tell(host)).to.deep.equal(['updated 1']);
    org.update(id, { columns: { description: 'x' } });
    expect(await tell(host)).to.deep.equal([]);
    org.update(id, { columns: { prioritycode: 3 } });
    expect(await tell(host)).to.deep.equal([]);
  });

  it('changedTo: reports a new row with the value if the trigger watches created rows', async () => {
    const { org, host } = setUp({ columns: ['priority'], changedTo: { priority: 'high' } });
    await host.round();
    org.insert({ columns: { prioritycode: 1 } });
    org.insert({ columns: { prioritycode: 2 } });
    expect(await tell(host)).to.deep.equal(['created 1']);
  });

  it('changedTo: accepts the id and the name of a lookup', async () => {
    for (const queue of ['6B29FC40-ca47-1067-b31d-00dd010662da', 'first line']) {
      const { org, host } = setUp({ changes: ['updated'], columns: ['queue'], changedTo: { queue } });
      const id = org.insert({ columns: inQueue(1, 'Inbox') });
      await host.round();
      org.update(id, { columns: inQueue(2, 'Second line') });
      expect(await tell(host)).to.deep.equal([]);
      org.update(id, { columns: inQueue(6, 'First Line') });
      expect(await tell(host)).to.deep.equal(['updated 1']);
    }
  });

  it('changedTo: * reports every change of the column', async () => {
    const { org, host } = setUp({
      changes: ['updated'],
      columns: ['priority'],
      changedTo: { priority: '*' },
    });
    const id = org.insert({ columns: { prioritycode: 2 } });
    await host.round();
    org.update(id, { columns: { prioritycode: 3 } });
    expect(await tell(host)).to.deep.equal(['updated 1']);
    org.update(id, { columns: { description: 'x' } });
    expect(await tell(host)).to.deep.equal([]);
  });

  it('stores no value of a row', async () => {
    const { org, context, host } = setUp({ changes: ['updated'], columns: ['title'] });
    org.insert({ columns: { title: 'Confidential' } });
    await host.round();
    for (const key of await context.services.store.keys('')) {
      expect((await context.services.store.get(key))?.value).to.not.include('Confidential');
    }
  });
});

describe('poll: host failures', () => {
  it('a host that crashes before it saves the checkpoint gets the same items again', async () => {
    const { org, host } = setUp();
    await host.round();
    org.insert();
    const lost = await host.round({}, 'before-delivery');
    const delivered = await host.round({}, 'before-checkpoint');
    const again = await host.round();
    expect(delivered.items).to.deep.equal(lost.items);
    expect(again.items).to.deep.equal(lost.items);
    expect(again.items).to.have.length(1);
  });

  it('a host that returns to an older checkpoint continues from there', async () => {
    const { org, host } = setUp();
    await host.round();
    for (let made = 0; made < 5; made++) {
      org.insert();
      org.wait(minute);
      await host.round();
    }
    host.fallBack(3);
    expect(await tell(host)).to.deep.equal(['created 3', 'created 4', 'created 5']);
    expect(await tell(host)).to.deep.equal([]);
  });

  it('a host that returns to a very old checkpoint gets the same items again', async () => {
    const { org, context, host } = setUp();
    await host.round();
    const checkpoints = [host.saved.checkpoint];
    const items: string[] = [];
    for (let made = 0; made < 40; made++) {
      org.insert();
      const result = await host.round();
      items.push(...result.items.map(({ id }) => id));
      checkpoints.push(host.saved.checkpoint);
      org.wait(minute);
    }
    const again = await poll(context, requestOf({ checkpoint: checkpoints[13] }));
    expect(again.items.map(({ id }) => id)).to.deep.equal(items.slice(13));
    expect(context.logged).to.deep.equal([]);
  });

  it('a host whose checkpoint is older than the log gets the changes since then again', async () => {
    const { org, context, host } = setUp();
    const retention = { maxEntries: 5 };
    await host.round({ retention });
    const { checkpoint } = host.saved;
    const items: string[] = [];
    for (let made = 0; made < 40; made++) {
      org.wait(minute);
      org.insert();
      items.push(...(await host.round({ retention })).items.map(({ id }) => id));
    }
    const again = await poll(context, requestOf({ checkpoint, retention }));
    expect(again.items.map(({ id }) => id)).to.include.members(items);
    expect(context.logged.map(({ event }) => event)).to.deep.equal(['feed.catch-up']);
  });

  it('a host that returns to an older checkpoint does not get the state of unsaved polls', async () => {
    const { org, context, host } = setUp();
    await host.round();
    const kept = [host.saved.checkpoint];
    for (let made = 0; made < 9; made++) {
      org.insert();
      await host.round();
      kept.push(host.saved.checkpoint);
    }
    // The polls after the second are undone; then comes another future, longer than what is remembered of it.
    host.fallBack(7);
    const told: string[] = [];
    const after: (typeof kept)[number][] = [];
    for (let made = 0; made < 14; made++) {
      org.insert();
      told.push(...(await tell(host)));
      after.push(host.saved.checkpoint);
    }
    const again = await poll(context, requestOf({ checkpoint: after[0] }));
    expect(again.items.map(inShort)).to.include.members(told.slice(8));
  });

  it('a host with an empty store loses nothing, even if it crashes right after', async () => {
    const { org, context, host } = setUp();
    await host.round();
    org.insert();
    await host.round();
    org.insert();
    const wiped = new SimulatedHost({
      ...context,
      services: { ...context.services, store: createMemoryStore() },
    });
    wiped.saved = host.saved;
    await wiped.round({}, 'before-delivery');
    expect(await tell(wiped)).to.include('created 2');
  });

  it('stores few states over many polls', async () => {
    const { org, context, host } = setUp();
    await host.round();
    for (let made = 0; made < 300; made++) {
      org.insert();
      org.wait(second);
      await host.round();
    }
    expect(await context.services.store.keys('poll/')).to.have.length.below(32);
  });
});
