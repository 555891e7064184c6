import { expect } from 'chai';
import { applyConnectionLimits } from '../src/postgres/claim-due.ts';

const rows = (count: number, connection = 'c', idle = false) =>
  Array.from({ length: count }, (_, i) => ({ id: `${connection}${i}`, connection, idle }));

describe('worker: admission of ticks', () => {
  it('lets in as many as the connection has room for, and spreads the rest', () => {
    const { admitted, deferred } = applyConnectionLimits(rows(6), [{ name: 'c', blocked_ms: 0, busy: 1 }], 2);
    expect(admitted).to.deep.equal(['c0']);
    expect(deferred.map(({ dueInMs }) => dueInMs)).to.deep.equal([500, 500, 1000, 1000, 1500]);
  });

  it('puts off what is on a throttled connection until it opens, and nothing else', () => {
    const connections = [
      { name: 'c', blocked_ms: 9000, busy: 0 },
      { name: 'd', blocked_ms: 0, busy: 0 },
    ];
    const { admitted, deferred } = applyConnectionLimits([...rows(1), ...rows(1, 'd')], connections, 5);
    expect(admitted).to.deep.equal(['d0']);
    expect(deferred).to.deep.equal([{ subscription: 'c0', dueInMs: 9000 }]);
  });

  it('drops the ticks of what is paused or rests', () => {
    const { admitted, deferred } = applyConnectionLimits(
      rows(3, 'c', true),
      [{ name: 'c', blocked_ms: 0, busy: 0 }],
      5,
    );
    expect([admitted, deferred]).to.deep.equal([[], []]);
  });
});
