import { expect } from 'chai';
import type { PollItem } from '../../src/model/plan.ts';
import { contextOf, hour, minute } from './fixtures.ts';
import { SimulatedHost } from './simulated-host.ts';
import { SimulatedOrg } from './simulated-org.ts';

/** An organization with three rows, and a host that copies them. */
async function setUp() {
  const org = new SimulatedOrg({ filtersVersions: true });
  const context = contextOf(org.reader, { changes: ['created', 'updated', 'deleted'] });
  const host = new SimulatedHost(context);
  const ids = Array.from({ length: 3 }, () => org.insert());
  org.wait(hour);
  await pollAll(host);
  org.wait(11 * minute);
  await pollAll(host);
  return { org, context, host, ids };
}

async function pollAll(host: SimulatedHost): Promise<PollItem[]> {
  const items: PollItem[] = [];
  for (let hasMore = true; hasMore; ) {
    const result = await host.round();
    items.push(...result.items);
    hasMore = result.hasMore;
  }
  return items;
}

const inShort = ({ change, row, epoch }: PollItem) => `${change} ${String(row.id).slice(-1)} in ${epoch}`;

describe('poll: a restored organization', () => {
  it('is reported by name, and its rows are reported as they are now, in the next epoch', async () => {
    const { org, context, host, ids } = await setUp();
    const restore = org.backUp();
    org.update(ids[0] ?? '');
    org.insert();
    expect((await pollAll(host)).map(inShort)).to.deep.equal(['updated 1 in 0', 'created 4 in 0']);
    org.wait(16 * minute);
    restore();
    const items = await pollAll(host);
    expect(context.logged.map(({ event }) => event)).to.include('feed.rewound');
    expect(items.map(inShort).sort()).to.deep.equal(['deleted 4 in 1', 'updated 1 in 1']);
  });

  it('does not hide new rows whose versions are below those from before', async () => {
    const { org, host, ids } = await setUp();
    const restore = org.backUp();
    for (let edits = 0; edits < 20; edits++) {
      org.update(ids[0] ?? '');
      org.wait(minute);
      await pollAll(host);
    }
    restore();
    for (let made = 0; made < 11; made++) org.insert();
    org.wait(16 * minute);
    const created = (await pollAll(host)).filter(({ change }) => change === 'created');
    expect(created).to.have.length(11);
  });

  it('is found when other rows have got the versions that the feed has read', async () => {
    const { org, host, ids } = await setUp();
    const restore = org.backUp();
    org.insert();
    for (let polls = 0; polls < 3; polls++) {
      await pollAll(host);
      org.wait(11 * minute);
    }
    restore();
    org.update(ids[2] ?? '', { backMs: 20 * minute });
    org.wait(16 * minute);
    expect((await pollAll(host)).map(inShort)).to.include.members(['updated 3 in 1', 'deleted 4 in 1']);
  });

  it('is found when a deleted row is there again', async () => {
    const { org, host, ids } = await setUp();
    const restore = org.backUp();
    org.remove(ids[1] ?? '');
    expect((await pollAll(host)).map(inShort)).to.deep.equal(['deleted 2 in 0']);
    restore();
    org.wait(16 * minute);
    expect((await pollAll(host)).map(inShort)).to.deep.equal(['updated 2 in 1']);
  });

  it('reports the rows that it has undone as deleted, although Dataverse reports no deletion', async () => {
    const { org, host } = await setUp();
    const restore = org.backUp({ linksStay: true });
    org.insert();
    await pollAll(host);
    restore();
    org.wait(16 * minute);
    expect((await pollAll(host)).map(inShort)).to.deep.equal([]);
    expect((await pollAll(host)).map(inShort)).to.deep.equal(['deleted 4 in 0']);
  });

  it('is not assumed when the newest rows are deleted', async () => {
    const { org, context, host, ids } = await setUp();
    org.update(ids[0] ?? '');
    org.insert();
    await pollAll(host);
    org.remove(ids[0] ?? '');
    org.wait(16 * minute);
    expect((await pollAll(host)).map(inShort)).to.deep.equal(['deleted 1 in 0']);
    expect(context.logged).to.deep.equal([]);
    org.update(ids[1] ?? '');
    expect((await pollAll(host)).map(inShort)).to.deep.equal(['updated 2 in 0']);
  });
});
