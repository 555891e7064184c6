import { expect } from 'chai';
import type { ResolvedWatch } from '../../src/feed/feed.ts';
import type { RowReader } from '../../src/feed/row-reader-port.ts';
import { contextOf, minute, type PollRequest } from './fixtures.ts';
import { SimulatedHost } from './simulated-host.ts';
import { SimulatedOrg } from './simulated-org.ts';

/** The filter reads a related row, whose value the simulated rows have as a column. */
const request: Partial<PollRequest> = { filter: "account/name eq 'a'", isReevaluated: true };

function setUp(watch: Partial<ResolvedWatch> = { changes: ['updated'] }) {
  const org = new SimulatedOrg();
  const context = contextOf(org.reader, watch);
  const host = new SimulatedHost(context);
  /** The related row changes, and the row itself does not. */
  const relate = (id: string, account: string) => {
    const row = org.rows.get(id)!;
    org.rows.set(id, { ...row, columns: { ...row.columns, account } });
  };
  const poll = async (minutes = 0) => {
    org.wait(minutes * minute);
    const { items } = await host.round(request);
    return items.map(({ change, row }) => `${change} ${row.id}`);
  };
  return { org, host, relate, poll };
}

describe('poll: a filter on related rows', () => {
  it('reports a row that comes to match without a change with the next slow check, once', async () => {
    const { org, relate, poll } = setUp();
    const [first, second] = [
      org.insert({ columns: { account: 'a' } }),
      org.insert({ columns: { account: 'b' } }),
    ];
    expect(await poll()).to.deep.equal([]);
    relate(second, 'a');
    expect(await poll(1)).to.deep.equal([]);
    expect(await poll(15)).to.deep.equal([`updated ${second}`]);
    for (let checks = 0; checks < 3; checks++) expect(await poll(16)).to.deep.equal([]);
    org.update(first);
    expect(await poll(1)).to.deep.equal([`updated ${first}`]);
    expect(await poll(16)).to.deep.equal([]);
  });

  it('reports it again, with another id, if it has left meanwhile', async () => {
    const { org, host, relate, poll } = setUp();
    const id = org.insert({ columns: { account: 'b' } });
    await poll();
    relate(id, 'a');
    expect(await poll(16)).to.deep.equal([`updated ${id}`]);
    relate(id, 'b');
    expect(await poll(16)).to.deep.equal([]);
    relate(id, 'a');
    expect(await poll(16)).to.deep.equal([`updated ${id}`]);
    expect(host.saved.delivered.size).to.equal(2);
  });

  it('reports a row that changed while it did not match', async () => {
    const { org, relate, poll } = setUp();
    const id = org.insert({ columns: { account: 'a' } });
    await poll();
    relate(id, 'b');
    org.update(id);
    expect(await poll(1)).to.deep.equal([]);
    relate(id, 'a');
    expect(await poll(15)).to.deep.equal([`updated ${id}`]);
  });

  it('returns the same items to a host that did not save the checkpoint', async () => {
    const { org, host, relate, poll } = setUp();
    const id = org.insert({ columns: { account: 'b' } });
    await poll();
    relate(id, 'a');
    org.wait(16 * minute);
    const lost = await host.round(request, 'before-delivery');
    const again = await host.round(request);
    expect(lost.items).to.have.length(1);
    expect(again.items.map((item) => item.id)).to.deep.equal(lost.items.map((item) => item.id));
    expect(await poll(16)).to.deep.equal([]);
  });

  it('reports a row that no longer matches as left, if it was reported', async () => {
    const { org, relate, poll } = setUp({ changes: ['updated', 'left'] });
    const [reported, old] = [
      org.insert({ columns: { account: 'a' } }),
      org.insert({ columns: { account: 'a' } }),
    ];
    await poll();
    org.update(reported);
    expect(await poll(1)).to.deep.equal([`updated ${reported}`]);
    relate(reported, 'b');
    relate(old, 'b');
    expect(await poll(15)).to.deep.equal([`left ${reported}`]);
    expect(await poll(16)).to.deep.equal([]);
  });

  it('is not evaluated with more than 5,000 rows, which the log says by name', async () => {
    const org = new SimulatedOrg();
    const id = (row: number) => `00000000-0000-4000-8000-${String(row).padStart(12, '0')}`;
    let rows = 5000;
    const read: RowReader['read'] = async (query) => {
      const page = await org.reader.read(query);
      if (query.filter !== request.filter) return page;
      return { ...page, rows: Array.from({ length: rows }, (_, row) => ({ incidentid: id(row) })) };
    };
    const context = contextOf({ ...org.reader, read }, { changes: ['updated'] });
    const host = new SimulatedHost(context);
    await host.round(request);
    expect(context.logged).to.deep.equal([]);
    rows = 5001;
    org.wait(16 * minute);
    await host.round(request);
    const fields = { trigger: 'case.changed', table: 'case', maxRows: 5000 };
    expect(context.logged).to.deep.equal([{ level: 'warn', event: 'feed.filter-too-wide', fields }]);
  });
});
