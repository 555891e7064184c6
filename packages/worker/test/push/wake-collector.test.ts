import { expect } from 'chai';
import { createFakeClock } from '../../../../test/support/fake-clock.ts';
import { type CollectedWake, createWakeCollector } from '../../src/push/wake-collector.ts';

describe('webhooks that come together', () => {
  const open = () => {
    const clock = createFakeClock();
    const wakes: (CollectedWake & { readonly at: number })[] = [];
    const startedAt = clock.now();
    const collect = createWakeCollector({
      clock,
      wake: async (wake) => void wakes.push({ ...wake, at: clock.now() - startedAt }),
    });
    return { clock, wakes, collect };
  };
  const feed = { feed: 'contoso/incident', subscriptions: ['a'] };

  it('are one wake: 1,000 of one bulk write, each within 100 ms of the one before', async () => {
    const { clock, wakes, collect } = open();
    for (let count = 0; count < 1000; count++) collect(feed);
    await clock.sleep(50);
    collect({ ...feed, subscriptions: ['b'], deletedId: 'x' });
    await clock.sleep(5000);
    expect(wakes).to.deep.equal([{ feed: feed.feed, subscriptions: ['a', 'b'], deletedIds: ['x'], at: 150 }]);
  });

  it('wait for a second at most while more of them come', async () => {
    const { clock, wakes, collect } = open();
    for (let count = 0; count < 40; count++) {
      collect(feed);
      await clock.sleep(50);
    }
    await clock.sleep(5000);
    expect(wakes.length).to.be.within(2, 3);
    expect(wakes[0]!.at).to.equal(1000);
  });

  it('wake each feed by itself', async () => {
    const { clock, wakes, collect } = open();
    collect(feed);
    collect({ feed: 'contoso/task', subscriptions: ['c'] });
    await clock.sleep(1000);
    expect(wakes.map((each) => each.feed)).to.deep.equal(['contoso/incident', 'contoso/task']);
  });
});
