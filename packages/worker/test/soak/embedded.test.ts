import { expect } from 'chai';
import { soakEmbedded } from './embedded.ts';

describe('soak: one file', function () {
  this.timeout(120_000);

  it('15 workers are killed while 20 triggers poll: nothing lost, nothing twice, the file whole', async () => {
    const { happened, ...rest } = await soakEmbedded({
      triggers: 20,
      kills: 15,
      everyMs: 300,
      changeEveryMs: 20,
    });
    expect(rest).to.deep.equal({ lost: 0, undelivered: 0, duplicated: 0, invented: 0, damaged: 0 });
    expect(happened).to.be.greaterThan(100);
  });
});
