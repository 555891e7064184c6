import { expect } from 'chai';
import { soakDistributed } from './distributed.ts';

describe('soak: PostgreSQL', function () {
  this.timeout(180_000);

  it('2 workers are killed in turn and the database restarts: nothing lost, nothing twice, nothing re-armed', async () => {
    const size = { workers: 2, triggers: 60, everyMs: 1000, changeEveryMs: 25 };
    const disruptions = { kills: 3, killEveryMs: 2000, restartBefore: 2 };
    const { happened, polls, ...rest } = await soakDistributed({ ...size, ...disruptions });
    expect(rest).to.deep.equal({ lost: 0, undelivered: 0, duplicated: 0, invented: 0, rescheduled: 0 });
    expect(happened).to.be.greaterThan(100);
    expect(polls).to.be.greaterThan(300);
  });
});
