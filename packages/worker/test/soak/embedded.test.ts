import { expect } from 'chai';
import { soakEmbedded } from './embedded.ts';

describe('worker soak: SQLite', function () {
  this.timeout(120_000);

  it('loses and duplicates no event while 15 workers are killed, and keeps the file intact', async () => {
    const { expected, ...problems } = await soakEmbedded({
      triggers: 20,
      kills: 15,
      everyMs: 300,
      changeEveryMs: 20,
    });
    expect(problems).to.deep.equal({ lost: 0, undelivered: 0, duplicated: 0, unexpected: 0, damaged: 0 });
    expect(expected).to.be.greaterThan(100);
  });
});
