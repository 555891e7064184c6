import { expect } from 'chai';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { type LogEvent, loadConnector } from '../../src/index.ts';
import { createSteadyClock } from '../support/steady-clock.ts';
import { testTransport } from '../support/test-transport.ts';

describe('rate limiting on a sandbox with service protection limits', () => {
  const limits = { maxRequests: 150 };
  const clock = createSteadyClock({ stepMs: 75 });
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }], clock, limits });
  });
  after(async () => {
    await sandbox.close();
    clock.close();
  });

  async function connect(log: (event: LogEvent) => void) {
    const connector = await loadConnector({ clock, log, limits, transport: testTransport() });
    const open = (person = sandbox.user) =>
      connector.connect(
        { orgUrl: sandbox.organization.origin },
        { kind: 'host', getToken: () => ({ token: sandbox.issueToken(person) }) },
        { allowLoopback: true },
      );
    return [open(), open(), open(sandbox.users[1])] as const;
  }

  it('two connections of one user exceed one window without a 429, and do not delay another user', async () => {
    const statuses = new Map<unknown, number>();
    const [one, two, other] = await connect(({ event, fields }) => {
      if (event === 'http.attempt') statuses.set(fields.status, (statuses.get(fields.status) ?? 0) + 1);
    });
    const start = clock.now();
    const work = async (client: typeof one, calls: number) => {
      for (let n = 0; n < calls; n++) await client.check();
      return clock.now() - start;
    };
    const [first, second, free] = await Promise.all([work(one, 80), work(two, 80), work(other, 40)]);
    expect(Object.fromEntries(statuses)).to.deep.equal({ 200: 200 });
    expect(Math.max(first, second)).to.be.at.least(300_000);
    expect(free).to.be.below(Math.min(first, second) / 2);
  });
});
