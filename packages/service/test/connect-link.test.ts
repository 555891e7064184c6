import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { secretFrom } from 'dynamics365-connector/node';
import { openService, openServiceFor, type ServiceFixture } from './fixture.ts';

const clientSecret = 'the secret of a customer';

describe('service: Connect links', () => {
  let fixture: ServiceFixture;
  before(async () => {
    fixture = await openService({
      sandbox: {
        organizations: [{ name: 'contoso', data: 'empty' }],
        apps: [
          { name: 'customer', secrets: [clientSecret], redirectUris: ['http://127.0.0.1/oauth/callback'] },
        ],
      },
    });
  });
  after(() => fixture.close());

  const newSession = (changes: object = {}) => ({
    connection: 'acme',
    orgUrl: fixture.sandbox.organization.origin,
    appRegistration: { clientId: fixture.sandbox.app.clientId, clientSecret },
    ...changes,
  });
  const createLink = async (changes?: object) => {
    const { status, body, text } = await fixture.call('/v1/connect-sessions', { body: newSession(changes) });
    expect(status, text).to.equal(201);
    return new URL(String(body.connectLink)).pathname;
  };
  /** Presses the button of the page; returns the address of the authority and the cookie. */
  const press = async (path: string, cookie = '') => {
    const { status, headers } = await fixture.call(path, { method: 'POST', key: '', headers: { cookie } });
    return {
      status,
      location: headers.get('location') ?? '',
      cookie: headers.get('set-cookie')?.split(';')[0] ?? '',
    };
  };
  const finish = (callback: string, cookie: string) => {
    const { pathname, search } = new URL(callback);
    return fixture.call(`${pathname}${search}`, { key: '', headers: { cookie } });
  };

  it('sign a customer in with their own app registration, once', async () => {
    const path = await createLink();
    const page = await fixture.call(path, { key: '' });
    expect(page.text).to.contain('Acme Helpdesk').and.contain(fixture.sandbox.organization.origin);
    expect(page.headers.get('content-security-policy')).to.contain("default-src 'none'");
    const { location, cookie } = await press(path);
    const done = await finish(await fixture.sandbox.signInAutomatically(location), cookie);
    expect(done.text).to.contain('Connected').and.contain('acme');
    const { body } = await fixture.call('/v1/connections/acme');
    expect(body).to.include({ name: 'acme', kind: 'user' });
    const check = await fixture.call('/v1/connections/acme/check', { method: 'POST' });
    expect(check.status, check.text).to.equal(200);
    expect((await fixture.call(path, { key: '' })).status).to.equal(410);
  });

  it('belong to the browser that pressed the button', async () => {
    const path = await createLink();
    const { location, cookie } = await press(path);
    const callback = await fixture.sandbox.signInAutomatically(location);
    expect((await press(path)).status, 'another browser').to.equal(410);
    for (const stolen of ['', 'd365_connect=x.y', `${cookie}x`])
      expect((await finish(callback, stolen)).status).to.equal(400);
    expect((await finish(callback, cookie)).status).to.equal(200);
    expect((await finish(callback, cookie)).status, 'replayed').to.equal(400);
  });

  it('open without starting anything, so that mail scanners do no harm', async () => {
    const path = await createLink();
    for (let count = 0; count < 3; count++)
      expect((await fixture.call(path, { key: '' })).status).to.equal(200);
    expect((await press(path)).status).to.equal(303);
  });

  it('show the error of the authority, and can be tried again', async () => {
    const path = await createLink();
    const { location, cookie } = await press(path);
    const state = new URL(location).searchParams.get('state');
    const failed = await finish(`http://x/oauth/callback?error=access_denied&state=${state}`, cookie);
    expect(failed.status).to.equal(400);
    expect(failed.text).to.contain('Try again').and.not.contain('<script');
    expect((await press(path, cookie)).status).to.equal(303);
  });

  it('return to allowed sites only', async () => {
    const key = await fixture.createKey({ returnOrigins: ['https://app.example.com'] });
    const send = (returnUrl: string) =>
      fixture.call('/v1/connect-sessions', { key, body: newSession({ returnUrl }) });
    for (const returnUrl of [
      'https://evil.example/',
      'https://app.example.com.evil.example/',
      'javascript:alert(1)',
      'https://user@app.example.com/x',
      '//app.example.com',
    ])
      expect((await send(returnUrl)).body, returnUrl).to.include({ status: 422, code: 'RETURN_URL_REFUSED' });
    const { body } = await send('https://app.example.com/done?x=1');
    const path = new URL(String(body.connectLink)).pathname;
    const { location, cookie } = await press(path);
    const { status, headers } = await finish(await fixture.sandbox.signInAutomatically(location), cookie);
    expect(status).to.equal(303);
    expect(headers.get('location')).to.equal('https://app.example.com/done?x=1&connection=acme');
  });

  it('are refused for a connection of another key, an unknown organization address and unknown members', async () => {
    const key = await fixture.createKey({ connections: ['acme-*'] });
    const send = (changes: object) =>
      fixture.call('/v1/connect-sessions', { key, body: newSession(changes) });
    expect((await send({ connection: 'contoso' })).body).to.include({ code: 'CONNECTION_UNKNOWN' });
    expect((await send({ connection: 'acme-1', orgUrl: 'https://evil.example' })).body).to.include({
      code: 'CONNECTION_INVALID',
    });
    expect((await send({ connection: 'acme-1', orgurl: 'x' })).body).to.include({ code: 'INPUT_INVALID' });
    expect((await send({ connection: '../x' })).body).to.include({ code: 'INPUT_INVALID' });
  });

  it('sign in with a secret of a secret manager, whose address is saved instead of the secret', async () => {
    const body = JSON.stringify({ data: { secret: clientSecret } });
    const manager = createServer((_, response) => void response.end(body)).listen(0, '127.0.0.1');
    await once(manager, 'listening');
    const address = `http://127.0.0.1:${(manager.address() as AddressInfo).port}/v1/kv/d365`;
    const { clientId } = fixture.sandbox.app;
    const app = { clientId, clientSecret: secretFrom(address), secretFrom: address };
    const { call, connections, close } = await openServiceFor(fixture.sandbox, { service: { app } });
    try {
      const session = { connection: 'managed', orgUrl: fixture.sandbox.organization.origin };
      const created = await call('/v1/connect-sessions', { body: session });
      const { pathname } = new URL(String(created.body.connectLink));
      const { headers } = await call(pathname, { method: 'POST', key: '' });
      const callback = new URL(await fixture.sandbox.signInAutomatically(headers.get('location') ?? ''));
      const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
      await call(`${callback.pathname}${callback.search}`, { key: '', headers: { cookie } });
      expect(await connections.find('managed')).to.include({ secretFrom: address });
      expect(await connections.secrets('managed')).to.deep.equal({});
      const check = await call('/v1/connections/managed/check', { method: 'POST' });
      expect(check.status, check.text).to.equal(200);
    } finally {
      await close();
      manager.close();
    }
  });

  it('keep the secret of the customer out of the store and of every answer', async () => {
    await createLink();
    const { store } = fixture.connections;
    const keys = await store.keys('');
    for (const [key, { value }] of await store.getMany(keys)) expect(value, key).to.not.contain(clientSecret);
  });
});
