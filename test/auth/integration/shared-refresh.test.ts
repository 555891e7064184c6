import { expect } from 'chai';
import { atScale } from '../../support/soak.ts';
import { expiryMs, leaseEndMs, type RefreshProcesses, startRefreshProcesses } from './refresh-processes.ts';

const processes = atScale(4, 8);
const callers = atScale(10, 50);
const expiries = atScale(5, 50);
const kills = atScale(2, 20);

describe('a sign-in shared by processes', function () {
  this.timeout(600_000);
  let pool: RefreshProcesses;
  afterEach(() => pool.close());
  const everybody = processes * callers;

  it(`is refreshed exactly once at each of ${expiries} expiries, by ${processes} processes with ${callers} callers each, and the strictest authority never ends it`, async () => {
    pool = await startRefreshProcesses({ processes, callers, strict: true });
    const seen = new Set<string>();
    for (let expiry = 1; expiry <= expiries; expiry += 1) {
      const { results, requests } = await pool.round(expiryMs);
      expect(requests, 'token requests').to.equal(1);
      expect(results).to.have.length(everybody);
      for (const token of results) seen.add(token);
      expect(seen.size, 'one new token for all').to.equal(expiry);
    }
  });

  it(`goes on when the holder of the lease is killed before its request (${kills} times, strict authority)`, async () => {
    pool = await startRefreshProcesses({ processes, callers, strict: true });
    for (let kill = 0; kill < kills; kill += 1) {
      await pool.killOne(expiryMs, 'call');
      const { results, requests } = await pool.round(leaseEndMs);
      expect(requests).to.equal(1);
      expect(new Set(results).size).to.equal(1);
      expect(results[0]).to.match(/^eyJ/);
    }
  });

  it(`goes on with one extra refresh when the holder is killed between answer and write (${kills} times, an authority like Entra)`, async () => {
    pool = await startRefreshProcesses({ processes, callers, strict: false });
    for (let kill = 0; kill < kills; kill += 1) {
      await pool.killOne(expiryMs, 'answer');
      const { results, requests } = await pool.round(leaseEndMs);
      expect(requests, 'besides that of the dead').to.equal(1);
      expect(new Set(results).size).to.equal(1);
      expect(results[0]).to.match(/^eyJ/);
    }
  });

  it('ends in RECONNECT_NEEDED after one question when the authority is strict, and nobody asks again', async () => {
    pool = await startRefreshProcesses({ processes, callers, strict: true });
    await pool.killOne(expiryMs, 'answer');
    const ended = Array<string>(everybody).fill('RECONNECT_NEEDED');
    expect(await pool.round(leaseEndMs)).to.deep.equal({ results: ended, requests: 1 });
    expect(await pool.round(1000)).to.deep.equal({ results: ended, requests: 0 });
    expect(await pool.round(24 * expiryMs)).to.deep.equal({ results: ended, requests: 0 });
  });
});
