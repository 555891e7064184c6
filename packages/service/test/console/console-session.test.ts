import { expect } from 'chai';
import type { Clock } from 'dynamics365-connector';
import { systemClock } from 'dynamics365-connector/node';
import { createConsoleSessions } from '../../src/console/console-sessions.ts';
import { openService, type ServiceFixture } from '../fixture.ts';
import { openSession } from './open-console.ts';

describe('console: session', () => {
  let fixture: ServiceFixture;
  let cookie: string;
  before(async () => {
    fixture = await openService({ service: { console: {} } });
    cookie = await openSession(fixture.service);
  });
  after(() => fixture.close());

  const request = (path: string, headers: Readonly<Record<string, string>>, method = 'GET') =>
    fetch(`${fixture.service.url}${path}`, { method, headers, redirect: 'manual' });

  it('a link opens one session, with a cookie that scripts and other sites do not get', async () => {
    const link = fixture.service.createConsoleLink() ?? '';
    const first = await fetch(link, { redirect: 'manual' });
    expect(first.status).to.equal(303);
    expect(first.headers.get('location')).to.equal('/console/');
    expect(first.headers.get('set-cookie'))
      .to.match(/^d365-console-\d+=[\w-]{32};/)
      .and.contain('HttpOnly')
      .and.contain('SameSite=Strict');
    const second = await fetch(link, { redirect: 'manual' });
    expect([second.status, second.headers.get('set-cookie')]).to.deep.equal([401, null]);
    expect(await second.text()).to.contain('The console is locked');
  });

  it('the session reaches the pages and the REST routes of the service', async () => {
    expect((await request('/console/connections', { cookie })).status).to.equal(200);
    const { connections } = (await (await request('/v1/connections', { cookie })).json()) as {
      readonly connections: readonly { readonly name: string }[];
    };
    expect(connections.map(({ name }) => name)).to.deep.equal(['contoso']);
  });

  it('without a session there are no pages and no data', async () => {
    for (const wrong of ['', 'd365-console-1=x', `${cookie}x`]) {
      const headers = { cookie: wrong };
      expect((await request('/console/connections', headers)).status).to.equal(401);
      expect((await request('/v1/connections', headers)).status).to.equal(401);
      expect((await request('/console/api/about', headers)).status).to.equal(401);
    }
  });

  it('a page of another site, or of another port of this machine, cannot use the session', async () => {
    const foreign = { cookie, origin: 'http://127.0.0.1:1', 'content-type': 'text/plain' };
    expect((await request('/v1/connections', foreign, 'POST')).status).to.equal(403);
    for (const site of ['cross-site', 'same-site']) {
      const headers = { cookie, 'sec-fetch-site': site };
      expect((await request('/v1/connections', headers)).status, site).to.equal(401);
      expect((await request('/console/api/about', headers)).status, site).to.equal(401);
    }
    const same = { cookie, 'sec-fetch-site': 'same-origin', origin: fixture.service.url };
    expect((await request('/v1/connections', same)).status).to.equal(200);
  });

  it('pages have a policy that allows nothing from elsewhere, and no frame around them', async () => {
    const { headers } = await request('/console/connections', { cookie });
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).to.contain("default-src 'none'").and.contain("frame-ancestors 'none'");
    expect(policy).to.not.match(/https?:|\*|unsafe-eval/);
    expect(headers.get('x-content-type-options')).to.equal('nosniff');
  });

  it('an unknown path of the console is a problem, and a service without a console has none', async () => {
    expect((await request('/console/api/none', { cookie })).status).to.equal(404);
    expect((await request('/console/assets/..%2Findex.html', { cookie })).status).to.equal(404);
    const plain = await openService();
    try {
      expect(plain.service.createConsoleLink()).to.equal(undefined);
      expect((await fetch(`${plain.service.url}/console/`)).status).to.equal(404);
    } finally {
      await plain.close();
    }
  });

  it('links end after 30 minutes, sessions after 12 hours', () => {
    let now = 0;
    const clock: Clock = { ...systemClock, now: () => now };
    const sessions = createConsoleSessions(clock);
    const [early, late] = [sessions.createLink(), sessions.createLink()];
    const session = sessions.open(early) ?? '';
    expect(sessions.has(session)).to.equal(true);
    now = 30 * 60_000;
    expect(sessions.open(late)).to.equal(undefined);
    now = 12 * 3_600_000;
    expect(sessions.has(session)).to.equal(false);
  });
});
