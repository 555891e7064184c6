import { expect } from 'chai';
import { applyConnectionLimits } from '../src/postgres/claim-due.ts';

const createRows = (count: number, connection = 'c', due_in: number | null = 0) =>
  Array.from({ length: count }, (_, i) => ({
    feed: `${connection}${i}`,
    origin: 'file' as const,
    connection,
    due_in,
  }));

describe('worker: applyConnectionLimits', () => {
  it('admits feeds up to the limit of a connection and defers the others in steps', () => {
    const { admitted, deferred } = applyConnectionLimits(
      createRows(6),
      [{ name: 'c', blocked_ms: 0, busy: ['busy'] }],
      2,
    );
    expect(admitted).to.deep.equal(['c0']);
    expect(deferred.map(({ dueInMs }) => dueInMs)).to.deep.equal([500, 500, 1000, 1000, 1500]);
  });

  it('defers feeds of a blocked connection until the block ends', () => {
    const connections = [
      { name: 'c', blocked_ms: 9000, busy: [] },
      { name: 'd', blocked_ms: 0, busy: [] },
    ];
    const { admitted, deferred } = applyConnectionLimits(
      [...createRows(1), ...createRows(1, 'd')],
      connections,
      5,
    );
    expect(admitted).to.deep.equal(['d0']);
    expect(deferred).to.deep.equal([{ feed: 'c0', origin: 'file', dueInMs: 9000 }]);
  });

  it('polls a feed once at a time', () => {
    const { admitted, deferred } = applyConnectionLimits(
      createRows(2),
      [{ name: 'c', blocked_ms: 0, busy: ['c1'] }],
      5,
    );
    expect(admitted).to.deep.equal(['c0']);
    expect(deferred).to.deep.equal([{ feed: 'c1', origin: 'file', dueInMs: 500 }]);
  });

  it('drops feeds whose subscriptions are paused or inactive, and defers feeds that are not due', () => {
    const connections = [{ name: 'c', blocked_ms: 0, busy: [] }];
    const idle = applyConnectionLimits(createRows(3, 'c', null), connections, 5);
    expect([idle.admitted, idle.deferred]).to.deep.equal([[], []]);
    const early = applyConnectionLimits(createRows(1, 'c', 30_000), connections, 5);
    expect(early.deferred).to.deep.equal([{ feed: 'c0', origin: 'file', dueInMs: 30_000 }]);
  });
});
