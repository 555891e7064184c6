import { expect } from 'chai';
import { createMemoryStore } from '../../src/client/memory-store.ts';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import type { PollItem } from '../../src/model/plan.ts';
import type { PollRequest, ResolvedWatch } from '../../src/poll/poll-context.ts';
import { pollTrigger } from '../../src/poll/poll-trigger.ts';
import { contextOf, hour, minute, requestOf, second } from './fixtures.ts';
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

describe('a first poll', () => {
  it('marks the place by the clock of the organization and tells nothing', async () => {
    const { org, host } = setUp();
    org.insert();
    expect(await host.round()).to.deep.include({ items: [], hasMore: false });
    expect(await tell(host)).to.deep.equal([]);
    org.wait(second);
    org.insert();
    expect(await tell(host)).to.deep.equal(['created 2']);
  });

  it('reads no row that changed longer ago than the overlap, and of the others the key and times only', async () => {
    const { org, host } = setUp();
    org.insert();
    org.wait(hour);
    await host.round();
    const [, , fill] = org.queries;
    expect(fill?.filter).to.equal('modifiedon ge 2026-03-01T08:50:00Z');
    expect(fill?.select).to.deep.equal(['incidentid', 'createdon', 'modifiedon', '_modifiedby_value']);
  });

  it('from a date tells what changed since, new or not', async () => {
    const { org, host } = setUp();
    org.insert();
    org.insert();
    org.wait(hour);
    org.insert();
    org.update('00000000-0000-4000-8000-000000000002');
    expect(await tell(host, { from: '2026-03-01T09:00:00Z' })).to.deep.equal(['updated 2', 'created 3']);
  });

  it('from the beginning tells every row as created, page after page, each once', async () => {
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

  it('from a date that is none is refused', async () => {
    const { context } = setUp();
    const error = await pollTrigger(context, requestOf({ from: 'tomorrow' })).catch((thrown) => thrown);
    expect(error).to.be.instanceOf(ConnectorError).with.property('code', 'INPUT_INVALID');
  });
});

describe('a poll', () => {
  it('tells a change that committed late although later ones were told before', async () => {
    const { org, host } = setUp();
    await host.round();
    org.insert({ commitsAfterMs: 2 * minute });
    org.wait(minute);
    org.insert();
    expect(await tell(host)).to.deep.equal(['created 2']);
    org.wait(minute);
    expect(await tell(host)).to.deep.equal(['created 1']);
  });

  it('tells a row that was being created when the trigger began', async () => {
    const { org, host } = setUp();
    org.insert({ commitsAfterMs: minute });
    await host.round();
    org.wait(minute);
    expect(await tell(host)).to.deep.equal(['created 1']);
  });

  it('tells created, then updated, and several changes between two polls as one', async () => {
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

  it('tells the newer of two versions, should a slow copy of the organization answer the older one last', async () => {
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
    const { items } = await pollTrigger(
      { ...context, reader },
      requestOf({ checkpoint: host.saved.checkpoint }),
    );
    expect(items.map((item) => item.row.title)).to.deep.equal(['v2002']);
  });

  it('tells only the kinds of change that the trigger watches', async () => {
    const { org, host } = setUp({ changes: ['created'] });
    const id = org.insert();
    await host.round();
    org.update(id);
    org.insert();
    expect(await tell(host)).to.deep.equal(['created 2']);
  });

  it('takes a row whose createdon was back-dated for updated: a limit', async () => {
    const { org, host } = setUp();
    await host.round();
    org.insert({ bornEarlier: true });
    expect(await tell(host)).to.deep.equal(['updated 1']);
  });

  it('catches up once after hours without polls', async () => {
    const { org, host } = setUp();
    await host.round();
    for (let hours = 0; hours < 9; hours++) {
      org.insert();
      org.wait(hour);
    }
    expect(await tell(host)).to.have.length(9);
    expect(await tell(host)).to.deep.equal([]);
  });

  it('gives the same change the same id, and shapes its row', async () => {
    const { org, context } = setUp();
    const first = await pollTrigger(context, requestOf());
    const id = org.insert({ columns: { prioritycode: 1 } });
    const request = requestOf({ checkpoint: first.checkpoint });
    const [item] = (await pollTrigger(context, request)).items;
    const [again] = (await pollTrigger(context, request)).items;
    expect(item).to.deep.equal(again);
    expect(item).to.deep.include({ change: 'created', at: '2026-03-01T08:00:00.000Z' });
    expect(item?.row).to.include({ id, priority: 'high' });
  });

  it('without news makes one request and keeps nothing new', async () => {
    const { org, context, host } = setUp();
    await host.round();
    org.wait(minute);
    const keys = await context.services.store.keys('');
    const asked = org.queries.length;
    await host.round();
    expect(org.queries.length - asked).to.equal(1);
    expect(await context.services.store.keys('')).to.deep.equal(keys);
  });

  it('looks back three minutes at least, whatever it is told', async () => {
    const { org, host } = setUp();
    await host.round({ overlapMs: 0 });
    org.wait(hour);
    await host.round({ overlapMs: 0 });
    await host.round({ overlapMs: 0 });
    expect(org.queries.at(-1)?.filter).to.equal('modifiedon ge 2026-03-01T08:57:00Z');
  });

  it('sets a row aside whose key cannot be read, once, and goes on', async () => {
    const { org, context, host } = setUp();
    await host.round();
    org.insert();
    org.poison = [{ incidentid: null, title: 'Broken' }];
    expect(await tell(host)).to.deep.equal(['created 1']);
    await host.round();
    const letters = (await context.services.store.keys('poll/')).filter((key) =>
      key.includes('/dead-letters/'),
    );
    expect(letters).to.have.length(1);
    expect(context.logged.map(({ event, fields }) => [event, fields.count])).to.deep.equal([
      ['poll.dead-letters', 1],
    ]);
    expect(JSON.stringify(context.logged)).to.not.include('Broken');
  });

  it('passes over what we changed ourselves, and tells what others do to it later', async () => {
    const { org, host } = setUp();
    const request = { ignoreChangesBy: userId('b').toUpperCase() };
    await host.round(request);
    const id = org.insert({ by: 'b' });
    expect(await tell(host, request)).to.deep.equal([]);
    org.update(id, { by: 'a' });
    expect(await tell(host, request)).to.deep.equal(['updated 1']);
  });

  it('refuses a checkpoint of other params before it reads anything', async () => {
    const { org, context, host } = setUp();
    await host.round();
    const asked = org.queries.length;
    const request = { params: { priority: 'high' }, checkpoint: host.saved.checkpoint };
    const error = await pollTrigger(context, request).catch((thrown) => thrown);
    expect(error).to.be.instanceOf(ConnectorError).with.property('code', 'CHECKPOINT_INVALID');
    expect(org.queries.length).to.equal(asked);
  });
});

describe('a poll over versions', () => {
  it('begins once the mark of the first poll is one overlap old, and finds a back-dated change', async () => {
    const { org, host } = setUp({}, { filtersVersions: true });
    const id = org.insert();
    await host.round();
    org.wait(11 * minute);
    await host.round();
    org.update(id, { backMs: 300 * hour });
    expect(await tell(host)).to.deep.equal(['updated 1']);
    expect(org.queries.at(-1)).to.include({ filter: 'versionnumber gt 1001', orderBy: 'versionnumber asc' });
  });

  it('tells nothing again when it changes over from times', async () => {
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

  it('is not tried where the organization refuses it', async () => {
    const { org, host } = setUp();
    await host.round();
    org.wait(hour);
    await host.round();
    await host.round();
    const onVersions = org.queries.filter(({ filter }) => filter?.includes('versionnumber'));
    expect(onVersions).to.have.length(1);
  });

  it('does not take a failure for a refusal', async () => {
    const { org, context } = setUp();
    for (const status of [401, 403, 429, 503]) {
      const failure = new ConnectorError('UNAVAILABLE', 'Later.', { status });
      const reader = { ...org.reader, read: async () => Promise.reject(failure) };
      const error = await pollTrigger({ ...context, reader }, requestOf()).catch((thrown) => thrown);
      expect(error).to.equal(failure);
    }
  });
});

describe('a trigger on columns', () => {
  it('tells a row when one of them changed, and only then; the first sight is a baseline', async () => {
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

  it('tells a new row whatever it holds', async () => {
    const { org, host } = setUp({ columns: ['priority'] });
    await host.round();
    org.insert();
    expect(await tell(host)).to.deep.equal(['created 1']);
  });

  it('tells "became high" when it became that, and not when it stays or is born so', async () => {
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

  it('tells "became high" of a new row that is high, where it watches new rows too', async () => {
    const { org, host } = setUp({ columns: ['priority'], changedTo: { priority: 'high' } });
    await host.round();
    org.insert({ columns: { prioritycode: 1 } });
    org.insert({ columns: { prioritycode: 2 } });
    expect(await tell(host)).to.deep.equal(['created 1']);
  });

  it('knows the value of a lookup by its id and by the name that people see', async () => {
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

  it('tells "became anything else" on every change of the column', async () => {
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

  it('keeps no value of a row', async () => {
    const { org, context, host } = setUp({ changes: ['updated'], columns: ['title'] });
    org.insert({ columns: { title: 'Confidential' } });
    await host.round();
    for (const key of await context.services.store.keys('')) {
      expect((await context.services.store.get(key))?.value).to.not.include('Confidential');
    }
  });
});

describe('a host', () => {
  it('that dies before it keeps the checkpoint gets the same items again', async () => {
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

  it('that falls back to an older checkpoint goes on from there', async () => {
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

  it('that falls back very far loses nothing, and gets again what the window still holds', async () => {
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
    const again = await pollTrigger(context, requestOf({ checkpoint: checkpoints[13] }));
    expect(again.items.map(({ id }) => id)).to.include.members(items.slice(13));
    expect(items).to.include.members(again.items.map(({ id }) => id));
    expect(context.logged.map(({ event }) => event)).to.deep.equal(['poll.memory-missing']);
  });

  it('that falls back is never served what it did not keep', async () => {
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
    const again = await pollTrigger(context, requestOf({ checkpoint: after[0] }));
    expect(again.items.map(inShort)).to.include.members(told.slice(8));
  });

  it('whose store was wiped loses nothing either, even if it dies right after', async () => {
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

  it('keeps few memories, however long it polls', async () => {
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
