import { expect } from 'chai';
import { soakDistributed } from './distributed.ts';

describe('worker soak: PostgreSQL', function () {
  this.timeout(180_000);

  it('loses and duplicates no event while workers are killed and the database restarts', async () => {
    const { expected, polls, ...problems } = await soakDistributed({
      workers: 2,
      triggers: 60,
      everyMs: 1000,
      changeEveryMs: 25,
      kills: 3,
      killEveryMs: 2000,
      restartBefore: 2,
    });
    expect(problems).to.deep.equal({
      lost: 0,
      undelivered: 0,
      duplicated: 0,
      unexpected: 0,
      rescheduled: 0,
    });
    expect(expected).to.be.greaterThan(100);
    expect(polls).to.be.greaterThan(300);
  });
});
