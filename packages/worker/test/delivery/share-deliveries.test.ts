import { expect } from 'chai';
import fc from 'fast-check';
import { shareDeliveries } from '../../src/delivery/share-deliveries.ts';

const target = (name: string, due = 100, probe = false) => ({ name, due, probe });
const limits = {
  maxDeliveries: 128,
  maxPerTarget: 16,
  inFlight: new Map<string, number>(),
  proved: new Map(),
};

describe('worker: shareDeliveries', () => {
  it('gives a target the places that it has proved to take, and no more than it has events', () => {
    const proved = new Map([
      ['a', 99],
      ['b', 8],
    ]);
    expect(
      shareDeliveries([target('a'), target('b', 3), target('new')], { ...limits, proved }),
    ).to.deep.equal([
      { name: 'a', maxCount: 16 },
      { name: 'b', maxCount: 3 },
      { name: 'new', maxCount: 16 },
    ]);
  });

  it('gives a probed target one place while it has no delivery', () => {
    expect(shareDeliveries([target('a', 9, true)], limits)).to.deep.equal([{ name: 'a', maxCount: 1 }]);
    const inFlight = new Map([['a', 1]]);
    expect(shareDeliveries([target('a', 9, true)], { ...limits, inFlight })).to.deep.equal([]);
  });

  it('keeps a place for another target while fewer targets hang than half of the places', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 64 }), (places, hanging) => {
        fc.pre(2 * hanging < places);
        const inFlight = new Map<string, number>();
        const targets = Array.from({ length: hanging }, (_, index) => target(`hangs${index}`));
        const own = { ...limits, maxDeliveries: places, inFlight };
        for (let round = 0; round < 20; round++) {
          for (const { name, maxCount } of shareDeliveries(targets, own))
            inFlight.set(name, (inFlight.get(name) ?? 0) + maxCount);
        }
        expect(shareDeliveries([...targets, target('healthy', 1)], own)).to.deep.include({
          name: 'healthy',
          maxCount: 1,
        });
      }),
    );
  });

  it('never exceeds the places of the worker or of a target', () => {
    const count = fc.integer({ min: 0, max: 40 });
    const someTargets = fc.uniqueArray(
      fc.record({ name: fc.constantFrom(...'abcdefgh'), due: count, probe: fc.boolean() }),
      { selector: ({ name }) => name },
    );
    fc.assert(
      fc.property(
        someTargets,
        fc.dictionary(fc.constantFrom(...'abcdefgh'), count),
        count,
        (targets, running, max) => {
          const inFlight = new Map(Object.entries(running));
          const total = [...inFlight.values()].reduce((sum, each) => sum + each, 0);
          const shares = shareDeliveries(targets, { ...limits, maxDeliveries: max, inFlight });
          const added = shares.reduce((sum, { maxCount }) => sum + maxCount, 0);
          if (added > 0) expect(total + added).to.be.at.most(max);
          for (const { name, maxCount } of shares) {
            expect(maxCount).to.be.at.least(1);
            expect((inFlight.get(name) ?? 0) + maxCount).to.be.at.most(Math.max(16, inFlight.get(name) ?? 0));
          }
        },
      ),
    );
  });
});
