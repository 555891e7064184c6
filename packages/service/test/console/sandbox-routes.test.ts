import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { openService, type ServiceFixture } from '../fixture.ts';
import { openSession } from './open-console.ts';

describe('console: sandbox routes', () => {
  let fixture: ServiceFixture;
  let cookie: string;
  before(async () => {
    fixture = await openService({ service: { console: {} } });
    cookie = await openSession(fixture.service);
    const settings = { orgUrl: 'https://contoso.crm.dynamics.com' };
    await fixture.connections.save({ name: 'real', kind: 'app', settings, clientId: 'x' }, {});
  });
  after(() => fixture.close());

  const send = async (path: string, body?: object) => {
    const response = await fetch(`${fixture.service.url}/console/api/sandboxes${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { cookie },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as JsonObject };
  };

  it('only organizations of this machine are listed and controlled', async () => {
    const { sandboxes } = (await send('')).body;
    expect(sandboxes).to.deep.equal([{ name: 'contoso', orgUrl: fixture.sandbox.organization.origin }]);
    for (const name of ['real', 'none']) {
      const { status, body } = await send(`/${name}/reset`, {});
      expect([status, body.code], name).to.deep.equal([404, 'CONNECTION_UNKNOWN']);
    }
  });

  it('a command reaches the sandbox, and its answer comes back', async () => {
    expect(
      (await send('/contoso/faults', { kind: 'status', status: 418, path: '/accounts' })).status,
    ).to.equal(204);
    const listed = await fixture.run('account.list', {});
    expect(listed.status).to.be.at.least(400);
    const { exchanges } = (await send('/contoso/exchanges', {})).body as { exchanges: JsonObject[] };
    expect(exchanges.at(-1)).to.include({ status: 418, fault: 'status' });
  });

  it('a wrong command or input is refused with the next step, and nothing else is reached', async () => {
    const wrong = await send('/contoso/faults', { kind: 'earthquake' });
    expect([wrong.status, wrong.body.code]).to.deep.equal([422, 'INPUT_INVALID']);
    expect(wrong.body.advice).to.be.a('string');
    for (const command of ['snapshots', '..%2Fapi', 'set-assumptions']) {
      expect((await send(`/contoso/${command}`, {})).status, command).to.be.oneOf([404, 422]);
    }
  });

  it('a sandbox that has stopped is named', async () => {
    const settings = { orgUrl: 'http://127.0.0.1:1' };
    await fixture.connections.save({ name: 'stopped', kind: 'app', settings, clientId: 'x' }, {});
    const { body } = await send('/stopped/exchanges', {});
    expect(body.code).to.equal('NETWORK');
    expect(body.detail).to.contain('stopped');
  });
});
