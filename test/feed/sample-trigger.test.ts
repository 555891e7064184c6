import { expect } from 'chai';
import { sampleTrigger } from '../../src/feed/sample-trigger.ts';
import { contextOf, minute, type PollContext } from './fixtures.ts';
import { SimulatedOrg } from './simulated-org.ts';

function sample(context: PollContext, maxItems: number, filter?: string) {
  return sampleTrigger(context, { trigger: context.trigger, params: {}, filter }, maxItems);
}

describe('sampleTrigger', () => {
  it('returns the newest rows as items and stores nothing', async () => {
    const org = new SimulatedOrg();
    for (let made = 0; made < 4; made++) {
      org.insert({ columns: { prioritycode: 3 } });
      org.wait(minute);
    }
    const context = contextOf(org.reader, { changes: ['created'] });
    const items = await sample(context, 2);
    expect(items.map(({ change, row }) => [change, String(row.id).slice(-1), row.priority])).to.deep.equal([
      ['created', '4', 'low'],
      ['created', '3', 'low'],
    ]);
    expect(await context.services.store.keys('')).to.deep.equal([]);
  });

  it('returns no more items than requested', async () => {
    const org = new SimulatedOrg();
    org.insert();
    org.poison = [{ incidentid: '00000000-0000-4000-8000-00000000000f' }];
    expect(await sample(contextOf(org.reader), 1)).to.have.length(1);
  });

  it('applies the filter of the trigger', async () => {
    const org = new SimulatedOrg();
    const id = org.insert();
    org.insert();
    const items = await sample(contextOf(org.reader), 5, `incidentid eq ${id}`);
    expect(items.map(({ row }) => row.id)).to.deep.equal([id]);
  });

  it('returns items with an id only for deletions', async () => {
    const org = new SimulatedOrg();
    const id = org.insert();
    const [item] = await sample(contextOf(org.reader, { changes: ['deleted'] }), 1);
    expect(item).to.deep.include({ change: 'deleted', row: { id } });
  });
});
