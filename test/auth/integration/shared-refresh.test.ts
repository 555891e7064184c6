import { expect } from 'chai';
import { atScale } from '../../support/soak.ts';
import { expiryMs, leaseEndMs, type RefreshProcesses, startRefreshProcesses } from './refresh-processes.ts';

const processes = atScale(4, 8);
const callers = atScale(10, 50);
const expiries = atScale(5, 50);
const kills = atScale(2, 20);

describe('stored token source shared by processes', function () {
  this.timeout(600_000);
  let pool: RefreshProcesses;
  afterEach(() => pool.close());
  const allCallers = processes * callers;

  it(`refreshes exactly once at each of ${expiries} expiries, with ${processes} processes of ${callers} callers and an authority with reuse detection`, async () => {
    pool = await startRefreshProcesses({ processes, callers, strict: true });
    const tokens = new Set<string>();
    for (let expiry = 1; expiry <= expiries; expiry += 1) {
      const { results, requests } = await pool.round(expiryMs);
      expect(requests, 'token requests').to.equal(1);
      expect(results).to.have.length(allCallers);
      for (const token of results) tokens.add(token);
      expect(tokens.size, 'one new token for all callers').to.equal(expiry);
    }
  });

  it(`refreshes after the lease holder was killed before its request (${kills} times, authority with reuse detection)`, async () => {
    pool = await startRefreshProcesses({ processes, callers, strict: true });
    for (let kill = 0; kill < kills; kill += 1) {
      await pool.killOne(expiryMs, 'request');
      const { results, requests } = await pool.round(leaseEndMs);
      expect(requests).to.equal(1);
      expect(new Set(results).size).to.equal(1);
      expect(results[0]).to.match(/^eyJ/);
    }
  });

  it(`refreshes once more after the lease holder was killed between response and write (${kills} times, authority like Entra)`, async () => {
    pool = await startRefreshProcesses({ processes, callers, strict: false });
    for (let kill = 0; kill < kills; kill += 1) {
      await pool.killOne(expiryMs, 'response');
      const { results, requests } = await pool.round(leaseEndMs);
      expect(requests, 'requests of the other processes').to.equal(1);
      expect(new Set(results).size).to.equal(1);
      expect(results[0]).to.match(/^eyJ/);
    }
  });

  it('throws RECONNECT_NEEDED after one request, and sends no further one, when an authority with reuse detection ends the sign-in', async () => {
    pool = await startRefreshProcesses({ processes, callers, strict: true });
    await pool.killOne(expiryMs, 'response');
    const ended = Array<string>(allCallers).fill('RECONNECT_NEEDED');
    expect(await pool.round(leaseEndMs)).to.deep.equal({ results: ended, requests: 1 });
    expect(await pool.round(1000)).to.deep.equal({ results: ended, requests: 0 });
    expect(await pool.round(24 * expiryMs)).to.deep.equal({ results: ended, requests: 0 });
  });
});
