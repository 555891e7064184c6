import { expect } from 'chai';
import type { PollItem } from 'dynamics365-connector';
import { compareCopies, type SoakRecord } from './compare-copies.ts';

function createItem(overrides: Partial<PollItem> = {}): PollItem {
  return {
    id: 'e1',
    change: 'updated',
    at: '',
    epoch: 0,
    sequence: 1,
    version: '7',
    row: { id: 'r' },
    ...overrides,
  };
}

const record: SoakRecord = {
  organization: { owners: ['o0', 'o1'], orgUrls: ['https://contoso'] },
  changedRows: [{ owner: 1, id: 'r', version: '7' }],
  storedEvents: [{ subscription: 'updated-1', item: 'e1' }],
  deliveredEvents: [{ subscription: 'updated-1', item: createItem() }],
};

describe('worker soak: compareCopies', () => {
  it('finds nothing wrong when the copy has the present version, also after older events', () => {
    const older = { subscription: 'created-1', item: createItem({ id: 'e0', sequence: 0, version: '3' }) };
    const deliveredEvents = [...record.deliveredEvents, older];
    const { changed, events, ...problems } = compareCopies({ ...record, deliveredEvents });
    expect({ changed, events }).to.deep.equal({ changed: 1, events: 1 });
    expect(problems).to.deep.equal({ lost: 0, unexpected: 0, undelivered: 0, duplicated: 0 });
  });

  it('counts a row with another version, and one that was never delivered, as lost', () => {
    const stale = { subscription: 'updated-1', item: createItem({ version: '6' }) };
    expect(compareCopies({ ...record, deliveredEvents: [stale] })).to.include({ lost: 1 });
    expect(compareCopies({ ...record, deliveredEvents: [] })).to.include({ lost: 1, undelivered: 1 });
  });

  it('counts a deleted row in a copy as unexpected until its deletion is applied', () => {
    const changedRows = [{ owner: 1, id: 'r' }];
    expect(compareCopies({ ...record, changedRows })).to.include({ lost: 0, unexpected: 1 });
    const deletion = {
      subscription: 'deleted-0',
      item: createItem({ id: 'e2', change: 'deleted', sequence: 2 }),
    };
    const deliveredEvents = [...record.deliveredEvents, deletion];
    expect(compareCopies({ ...record, changedRows, deliveredEvents })).to.include({ unexpected: 0 });
  });

  it('counts an event that is twice in the outbox', () => {
    const storedEvents = [...record.storedEvents, ...record.storedEvents];
    expect(compareCopies({ ...record, storedEvents })).to.include({ duplicated: 1 });
  });
});
