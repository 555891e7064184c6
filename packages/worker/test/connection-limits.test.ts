import { expect } from 'chai';
import { applyConnectionLimits } from '../src/postgres/claim-due.ts';

const createRows = (count: number, connection = 'c', idle = false) =>
  Array.from({ length: count }, (_, i) => ({ id: `${connection}${i}`, connection, idle }));

describe('worker: applyConnectionLimits', () => {
  it('admits polls up to the limit of a connection and defers the others in steps', () => {
    const { admitted, deferred } = applyConnectionLimits(
      createRows(6),
      [{ name: 'c', blocked_ms: 0, busy: 1 }],
      2,
    );
    expect(admitted).to.deep.equal(['c0']);
    expect(deferred.map(({ dueInMs }) => dueInMs)).to.deep.equal([500, 500, 1000, 1000, 1500]);
  });

  it('defers polls on a blocked connection until the block ends', () => {
    const connections = [
      { name: 'c', blocked_ms: 9000, busy: 0 },
      { name: 'd', blocked_ms: 0, busy: 0 },
    ];
    const { admitted, deferred } = applyConnectionLimits(
      [...createRows(1), ...createRows(1, 'd')],
      connections,
      5,
    );
    expect(admitted).to.deep.equal(['d0']);
    expect(deferred).to.deep.equal([{ subscription: 'c0', dueInMs: 9000 }]);
  });

  it('drops polls of paused and inactive subscriptions', () => {
    const { admitted, deferred } = applyConnectionLimits(
      createRows(3, 'c', true),
      [{ name: 'c', blocked_ms: 0, busy: 0 }],
      5,
    );
    expect([admitted, deferred]).to.deep.equal([[], []]);
  });
});
