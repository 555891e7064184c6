import { expect } from 'chai';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import type { ResolvedWatch } from '../../src/feed/feed.ts';
import type { RowReader } from '../../src/feed/row-reader-port.ts';
import { contextOf, minute, poll, requestOf, second } from './fixtures.ts';
import { SimulatedHost } from './simulated-host.ts';
import { type OrgBehavior, requestError, SimulatedOrg } from './simulated-org.ts';

/** An organization with some rows, and a host that polls a trigger on deletions. */
function setUp(
  rows: number,
  temper: Partial<OrgBehavior> = {},
  watch: Partial<ResolvedWatch> = { changes: ['deleted'] },
) {
  const org = new SimulatedOrg(temper);
  const ids = Array.from({ length: rows }, () => org.insert());
  const context = contextOf(org.reader, watch);
  const host = new SimulatedHost(context);
  return { org, ids, context, host };
}

async function pollAll(host: SimulatedHost): Promise<string[]> {
  const told: string[] = [];
  for (let more = true; more; ) {
    const result = await host.round({ limits: { pages: 2 } });
    told.push(...result.items.map(({ change, row }) => `${change} ${String(row.id).slice(-2)}`));
    more = result.hasMore;
  }
  return told;
}

describe('poll: deletions', () => {
  it('are reported once each, with the id of the deleted row', async () => {
    const { org, ids, host } = setUp(3);
    await pollAll(host);
    org.remove(ids[1]!);
    const { items } = await host.round();
    expect(items).to.deep.equal([
      {
        id: items[0]!.id,
        change: 'deleted',
        at: '2026-03-01T08:00:00.000Z',
        epoch: 0,
        sequence: Date.UTC(2026, 2, 1, 8) + 1,
        row: { id: ids[1] },
      },
    ]);
    for (let minutes = 0; minutes < 40; minutes++) {
      org.wait(minute);
      expect(await pollAll(host)).to.deep.equal([]);
    }
  });

  it('start with a scan of all keys that reports nothing and continues from poll to poll', async () => {
    const { org, context, host } = setUp(11, { deltaPageSize: 2 });
    for (let polls = 0; polls < 3; polls++) {
      expect(await host.round({ limits: { pages: 2 } })).to.deep.include({ items: [], hasMore: polls < 2 });
    }
    expect(org.queries).to.deep.equal([{ select: ['incidentid'], pageSize: 5000, tracked: true }]);
    expect(context.logged).to.deep.equal([]);
  });

  it('are reported together with created and updated rows', async () => {
    const { org, ids, host } = setUp(2, {}, { changes: ['created', 'deleted'] });
    await pollAll(host);
    org.insert();
    org.remove(ids[0]!);
    expect(await pollAll(host)).to.deep.equal(['created 03', 'deleted 01']);
  });

  it('are read from all pages of a delta link, also over several polls', async () => {
    const { org, ids, host } = setUp(9, { deltaPageSize: 2 });
    await pollAll(host);
    for (const id of ids) org.remove(id);
    expect(await pollAll(host)).to.have.length(9);
  });

  it('are reported once if two pages have the same one', async () => {
    const { org, ids, host, context } = setUp(3);
    await pollAll(host);
    org.remove(ids[0]!);
    const follow = async (link: string) => {
      const page = await org.reader.follow(link);
      return { ...page, rows: [...page.rows, ...page.rows] };
    };
    const { checkpoint } = host.saved;
    const reader = { ...org.reader, follow };
    const { items } = await poll({ ...context, reader }, requestOf({ checkpoint }));
    expect(items).to.have.length(1);
  });

  it('are reported when they commit late and the delta link counts versions', async () => {
    const { org, ids, host } = setUp(3, { tokenCounts: 'versions' });
    await pollAll(host);
    org.wait(11 * minute);
    await pollAll(host);
    org.remove(ids[0]!, { commitsAfterMs: 2 * minute });
    org.remove(ids[1]!);
    expect(await pollAll(host)).to.deep.equal(['deleted 02']);
    org.wait(2 * minute);
    expect(await pollAll(host)).to.deep.equal(['deleted 01']);
  });

  it('during the first scan are found by a second one, an overlap later', async () => {
    const { org, ids, host } = setUp(6, { deltaPageSize: 2, tokenTaken: 'last-page' });
    org.betweenPages = () => org.remove(ids[0]!);
    await pollAll(host);
    org.betweenPages = () => {};
    org.wait(11 * minute);
    expect(await pollAll(host)).to.deep.equal(['deleted 01']);
  });
});

describe('poll: an expired delta link', () => {
  it('loses no deletion, repeats none, and is logged once', async () => {
    const { org, ids, context, host } = setUp(40, { deltaPageSize: 5 });
    await pollAll(host);
    const fresh = org.insert();
    await pollAll(host);
    org.expireLinks();
    org.remove(ids[3]!);
    org.remove(fresh);
    org.update(ids[4]!);
    expect(await pollAll(host)).to.deep.equal(['deleted 04', 'deleted 41']);
    org.remove(ids[5]!);
    expect(await pollAll(host)).to.deep.equal(['deleted 06']);
    expect(context.logged.map(({ event }) => event)).to.deep.equal(['feed.delta-expired']);
  });

  it('between its pages loses and repeats no deletion', async () => {
    const { org, ids, host } = setUp(9, { deltaPageSize: 2 });
    await pollAll(host);
    for (const id of ids.slice(0, 7)) org.remove(id);
    const told = (await host.round({ limits: { pages: 2 } })).items.length;
    expect(told).to.equal(4);
    org.expireLinks();
    expect(await pollAll(host)).to.have.length(3);
  });

  it('during a scan restarts the scan', async () => {
    const { org, ids, host } = setUp(9, { deltaPageSize: 2 });
    await host.round({ limits: { pages: 2 } });
    org.expireLinks();
    await pollAll(host);
    org.remove(ids[8]!);
    expect(await pollAll(host)).to.deep.equal(['deleted 09']);
  });

  it('during the scan after an expired link discards the keys of that scan', async () => {
    const { org, ids, host } = setUp(9, { deltaPageSize: 2 });
    await pollAll(host);
    org.expireLinks();
    await host.round();
    await host.round({ limits: { pages: 2 } });
    org.remove(ids[0]!);
    org.expireLinks();
    expect(await pollAll(host)).to.deep.equal(['deleted 01']);
  });

  it('does not report a row as deleted that the scan missed', async () => {
    const { org, ids, host, context } = setUp(4);
    await pollAll(host);
    org.expireLinks();
    await host.round();
    const walk = org.reader.trackChanges;
    const reader: RowReader = {
      ...org.reader,
      trackChanges: async (query) => {
        const page = await walk(query);
        return { ...page, rows: page.rows.filter((row) => row.incidentid !== ids[2]) };
      },
    };
    const astray = new SimulatedHost({ ...context, reader });
    astray.saved = host.saved;
    expect(await pollAll(astray)).to.deep.equal([]);
    host.saved = astray.saved;
    org.expireLinks();
    org.remove(ids[2]!);
    expect(await pollAll(host)).to.deep.equal(['deleted 03']);
  });

  it('is any error response to the link except 401, 403 and 429', async () => {
    for (const status of [400, 404, 410]) {
      const { org, context, host } = setUp(2);
      await pollAll(host);
      const { checkpoint } = host.saved;
      const reader = { ...org.reader, follow: async () => Promise.reject(requestError('', 'No.', status)) };
      expect((await poll({ ...context, reader }, requestOf({ checkpoint }))).items).to.deep.equal([]);
      expect(context.logged.map(({ event }) => event)).to.deep.equal(['feed.delta-expired']);
    }
    for (const status of [401, 403, 429, 503]) {
      const { org, context, host } = setUp(2);
      await pollAll(host);
      const { checkpoint } = host.saved;
      const failure = requestError('', 'No.', status);
      const reader = { ...org.reader, follow: async () => Promise.reject(failure) };
      const error = await poll({ ...context, reader }, requestOf({ checkpoint })).catch((thrown) => thrown);
      expect(error).to.equal(failure);
    }
  });
});

describe('poll: a table without change tracking', () => {
  it('fails on the first poll with advice to enable it', async () => {
    for (const status of [400, 403]) {
      const { org, context } = setUp(1);
      const failure = requestError('0x80072491', 'Change tracking is not enabled.', status);
      const reader = { ...org.reader, trackChanges: async () => Promise.reject(failure) };
      const error = await poll({ ...context, reader }, requestOf()).catch((thrown) => thrown);
      expect(error).to.be.instanceOf(ConnectorError);
      expect(error.advice).to.include('change tracking for incident');
    }
  });

  it('fails if the service ignores the preference', async () => {
    const { org, context } = setUp(1);
    const reader = { ...org.reader, trackChanges: async () => ({ rows: [], serverTimeMs: 0 }) };
    const error = await poll({ ...context, reader }, requestOf()).catch((thrown) => thrown);
    expect(error).to.have.property('code', 'RESPONSE_INVALID');
  });
});

describe('poll: stored state of deletions', () => {
  it('lets a host that returns to a checkpoint within a scan finish the scan', async () => {
    const { org, ids, host } = setUp(9, { deltaPageSize: 2 });
    await host.round({ limits: { pages: 2 } });
    await host.round({ limits: { pages: 2 } });
    await host.round({ limits: { pages: 2 } });
    host.fallBack(2);
    expect(await pollAll(host)).to.deep.equal([]);
    org.remove(ids[8]!);
    expect(await pollAll(host)).to.deep.equal(['deleted 09']);
  });

  it('deletes lists that no checkpoint needs', async () => {
    const { org, context, host } = setUp(20, { deltaPageSize: 5 });
    await pollAll(host);
    for (let expired = 0; expired < 30; expired++) {
      org.wait(11 * minute);
      org.expireLinks();
      await pollAll(host);
    }
    expect(await context.services.store.keys('poll/')).to.have.length.below(150);
  });

  it('is sufficient for a host that returns to a checkpoint before a scan', async () => {
    const { org, ids, host } = setUp(8, { deltaPageSize: 3 });
    await pollAll(host);
    org.expireLinks();
    await pollAll(host);
    org.remove(ids[0]!);
    expect(await pollAll(host)).to.deep.equal(['deleted 01']);
    org.wait(second);
    host.fallBack(3);
    expect(await pollAll(host)).to.deep.equal(['deleted 01']);
  });
});
