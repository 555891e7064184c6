import { expect } from 'chai';
import type { WireRow } from '../../src/feed/row-reader-port.ts';
import { sampleTrigger } from '../../src/feed/sample-trigger.ts';
import type { PollItem } from '../../src/model/plan.ts';
import { contextOf, hour, minute, type PollRequest, second } from './fixtures.ts';
import { SimulatedHost } from './simulated-host.ts';
import { type OrgBehavior, SimulatedOrg } from './simulated-org.ts';

/** An organization, and a host that polls a trigger on deadlines of it. */
function setUp(temper: Partial<OrgBehavior> = {}) {
  const org = new SimulatedOrg(temper);
  const context = contextOf(org.reader, { changes: ['due'], due: 'dueOn' });
  const host = new SimulatedHost(context);
  /** Columns of a row whose deadline lies so far from now. */
  const due = (inMs: number): { columns: WireRow } => ({
    columns: { followupby: new Date(org.nowMs + inMs).toISOString().replace(/\.\d+Z$/, 'Z') },
  });
  const tell = async (request: Partial<PollRequest> = {}): Promise<string[]> =>
    (await host.round(request)).items.map(inShort);
  return { org, context, host, due, tell };
}

function inShort({ change, row }: PollItem): string {
  return `${change} ${String(row.id).slice(-1)}`;
}

describe('poll: a trigger with due', () => {
  it('reports a row once when its deadline has passed, not before', async () => {
    const { org, host, due, tell } = setUp();
    await host.round();
    org.insert(due(5 * minute));
    org.insert(due(hour));
    org.insert();
    expect(await tell()).to.deep.equal([]);
    org.wait(5 * minute);
    expect(await tell()).to.deep.equal(['due 1']);
    org.wait(hour);
    expect(await tell()).to.deep.equal(['due 2']);
    expect(await tell()).to.deep.equal([]);
  });

  it('reports a row that last changed long before the first poll', async () => {
    const { org, host, due, tell } = setUp();
    org.insert(due(50 * hour));
    org.wait(49 * hour);
    await host.round();
    org.wait(hour);
    expect(await tell()).to.deep.equal(['due 1']);
  });

  it('does not report a deadline before the first poll, even if its row changes later', async () => {
    const { org, host, due, tell } = setUp();
    const id = org.insert(due(minute));
    org.wait(2 * minute);
    expect(await host.round()).to.deep.include({ items: [], hasMore: false });
    org.update(id, { columns: { description: 'x' } });
    expect(await tell()).to.deep.equal([]);
  });

  it('reports deadlines since `from`, and all past deadlines with from: beginning', async () => {
    for (const [from, told] of [
      ['2026-03-01T08:30:00Z', ['due 2']],
      ['beginning', ['due 1', 'due 2']],
    ] as const) {
      const { org, due, tell } = setUp();
      for (const inMs of [minute, hour, 100 * hour]) org.insert(due(inMs));
      org.wait(50 * hour);
      expect(await tell({ from })).to.deep.equal(told);
    }
  });

  it('reports a postponed deadline when it passes, and not the old one', async () => {
    const { org, host, due, tell } = setUp();
    await host.round();
    const id = org.insert(due(minute));
    const moved = org.insert(due(2 * minute));
    org.wait(minute);
    expect(await tell()).to.deep.equal(['due 1']);
    org.update(id, due(hour));
    org.update(moved, due(3 * hour));
    org.wait(2 * minute);
    expect(await tell()).to.deep.equal([]);
    org.wait(hour);
    expect(await tell()).to.deep.equal(['due 1']);
  });

  it('reports a deadline that was moved to a past time after the first poll', async () => {
    const { org, host, due, tell } = setUp();
    await host.round();
    const id = org.insert(due(100 * hour));
    org.wait(10 * hour);
    expect(await tell()).to.deep.equal([]);
    org.update(id, due(-5 * hour));
    expect(await tell()).to.deep.equal(['due 1']);
    org.update(id, due(-20 * hour));
    expect(await tell()).to.deep.equal([]);
  });

  it('does not report other changes of a row whose deadline was reported', async () => {
    const { org, host, due, tell } = setUp();
    await host.round();
    const id = org.insert(due(minute));
    org.wait(minute);
    expect(await tell()).to.deep.equal(['due 1']);
    for (const later of [minute, hour, 48 * hour]) {
      org.wait(later);
      org.update(id);
      expect(await tell()).to.deep.equal([]);
    }
  });

  it('reports a row that was saved before its deadline and committed after it', async () => {
    const { org, host, due, tell } = setUp();
    await host.round();
    org.insert({ ...due(30 * second), commitsAfterMs: 2 * minute });
    org.wait(minute);
    expect(await tell()).to.deep.equal([]);
    org.wait(minute);
    expect(await tell()).to.deep.equal(['due 1']);
  });

  it('reads any number of equal deadlines with small limits', async () => {
    const { org, host, due } = setUp();
    for (let made = 0; made < 9; made++) org.insert(due(50 * hour));
    org.wait(48 * hour);
    await host.round();
    org.wait(3 * hour);
    const told: string[] = [];
    for (let more = true, rounds = 0; more && rounds < 30; rounds++) {
      const result = await host.round({ limits: { pageSize: 2, pages: 1 } });
      told.push(...result.items.map(({ id }) => id));
      more = result.hasMore;
    }
    expect(told).to.have.length(9);
    expect(new Set(told).size).to.equal(9);
  });

  it('derives the item id from row and deadline, and returns the deadline as its time', async () => {
    const { org, host, due } = setUp();
    await host.round();
    const id = org.insert(due(minute));
    org.wait(minute);
    const [first] = (await host.round()).items;
    expect(first).to.include({ at: '2026-03-01T08:01:00.000Z' });
    org.update(id, due(minute));
    org.wait(minute);
    expect((await host.round()).items[0]?.id)
      .to.be.a('string')
      .and.not.equal(first?.id);
  });

  it('ignores ignoreChangesBy: a deadline has no author', async () => {
    const { org, host, due, tell } = setUp();
    await host.round();
    org.insert({ ...due(minute), by: 'e' });
    org.wait(minute);
    expect(await tell({ ignoreChangesBy: 'eeeeeeee-0000-4000-8000-000000000000' })).to.deep.equal(['due 1']);
  });

  it('reads the time between the last poll and now in whole seconds', async () => {
    const { org, host } = setUp();
    await host.round();
    org.wait(minute);
    await host.round();
    expect(org.queries.at(-1)).to.deep.include({
      filter: 'followupby ge 2026-03-01T08:00:01Z and followupby le 2026-03-01T08:01:00Z',
      orderBy: 'followupby asc,incidentid asc',
    });
  });

  it('sample: returns the latest deadlines', async () => {
    const { org, context, due } = setUp();
    for (const inMs of [minute, hour]) org.insert(due(inMs));
    const [item] = await sampleTrigger(context, { trigger: context.trigger, params: {} }, 1);
    expect(item).to.deep.include({ change: 'due', at: '2026-03-01T09:00:00.000Z' });
    expect(org.queries[0]?.filter).to.equal('followupby ne null');
  });
});
