import { expect } from 'chai';
import { Secret } from '../../src/model/secret.ts';
import { createPushEndpoint, type PushEndpoint } from '../../src/push/push-endpoint.ts';
import { readDeletedId, readPushRequest } from '../../src/push/push-request.ts';
import { pushSecret } from './fixture.ts';

const origin = 'https://contoso.crm.dynamics.com';

describe('reading a webhook of Dataverse', () => {
  let endpoint: PushEndpoint;
  before(async () => {
    endpoint = await createPushEndpoint('https://hooks.example.com/d365/', 'contoso', pushSecret);
  });

  const read = ({
    code = endpoint.key.reveal(),
    method = 'POST',
    headers = {},
  }: {
    code?: string;
    method?: string;
    headers?: Record<string, string | readonly string[] | undefined>;
  } = {}) =>
    readPushRequest(
      {
        method,
        url: `/d365/${endpoint.id}?code=${encodeURIComponent(code)}`,
        headers: {
          'x-ms-dynamics-organization': 'contoso.crm.dynamics.com',
          'x-ms-dynamics-entity-name': 'incident',
          'x-ms-dynamics-request-name': 'Update',
          ...headers,
        },
      },
      { key: endpoint.key, origin, tables: new Set(['incident']) },
    );

  it('tells the table and the message', () => {
    expect(read()).to.deep.equal({ table: 'incident', message: 'Update' });
  });

  it('knows the organization by both of its names', () => {
    const headers = { 'x-ms-dynamics-organization': 'Contoso.api.crm.dynamics.com' };
    expect(read({ headers })).to.deep.equal({ table: 'incident', message: 'Update' });
  });

  it('refuses a wrong key before it looks at anything else', () => {
    const key = endpoint.key.reveal();
    for (const code of ['', 'x', `${key}x`, key.slice(1), key.toUpperCase(), 'x'.repeat(100_000)])
      expect(read({ code, method: 'GET', headers: { 'x-ms-dynamics-organization': 'x' } })).to.include({
        status: 401,
      });
  });

  it('refuses a copy of the environment, which has the same steps and key', () => {
    const headers = { 'x-ms-dynamics-organization': 'contoso-test.crm.dynamics.com' };
    expect(read({ headers })).to.include({ status: 403 });
    expect(read({ headers: { 'x-ms-dynamics-organization': undefined } })).to.include({ status: 403 });
  });

  it('refuses tables and messages that are not awaited, headers that come twice, and other methods', () => {
    expect(read({ headers: { 'x-ms-dynamics-entity-name': 'account' } })).to.include({ status: 400 });
    expect(read({ headers: { 'x-ms-dynamics-entity-name': ['incident', 'incident'] } })).to.include({
      status: 400,
    });
    expect(read({ headers: { 'x-ms-dynamics-request-name': 'Retrieve' } })).to.include({ status: 400 });
    expect(read({ method: 'GET' })).to.include({ status: 405 });
  });

  it('reads the id of a deleted row from the body, and nothing from any other body', () => {
    const id = '6D81000A-0000-4000-8000-00000000000A';
    const body = { MessageName: 'Delete', PrimaryEntityName: 'incident', PrimaryEntityId: id };
    const deleted = (changes: object) => readDeletedId(JSON.stringify({ ...body, ...changes }), 'incident');
    expect(deleted({})).to.equal(id.toLowerCase());
    for (const changes of [
      { MessageName: 'Update' },
      { PrimaryEntityName: 'account' },
      { PrimaryEntityId: `${id})/x` },
      { PrimaryEntityId: 7 },
    ])
      expect(deleted(changes)).to.equal(undefined);
    for (const text of ['', '{', '[]', 'null', '"x"'])
      expect(readDeletedId(text, 'incident')).to.equal(undefined);
  });
});

describe('the address of webhooks', () => {
  it('is the same for the same settings, and has another key for each connection and secret', async () => {
    const open = (connection: string, secret = pushSecret) =>
      createPushEndpoint('https://hooks.example.com/d365', connection, secret);
    const [a, again, b, rotated] = await Promise.all([
      open('a'),
      open('a'),
      open('b'),
      open('a', new Secret('x'.repeat(32))),
    ]);
    expect(again).to.deep.equal(a);
    expect(again.key.reveal()).to.equal(a.key.reveal());
    expect(b.id).not.to.equal(a.id);
    expect(b.key.reveal()).not.to.equal(a.key.reveal());
    expect(rotated.id).to.equal(a.id);
    expect(rotated.key.reveal()).not.to.equal(a.key.reveal());
    expect(rotated.keyId).not.to.equal(a.keyId);
    expect(a.key.reveal()).not.to.include(a.keyId);
    expect(JSON.stringify(a)).not.to.include(a.key.reveal());
  });

  const refused: Readonly<Record<string, readonly [url: string, secret: Secret]>> = {
    'a port that Dataverse does not call': ['https://hooks.example.com:8443/d365', pushSecret],
    'a query': ['https://hooks.example.com/d365?a=1', pushSecret],
    'another protocol': ['ftp://hooks.example.com/d365', pushSecret],
    'a text that is no address': ['hooks.example.com', pushSecret],
    'a short secret': ['https://hooks.example.com/d365', new Secret('short')],
  };
  for (const [title, [url, secret]] of Object.entries(refused)) {
    it(`refuses ${title}`, async () => {
      const error = await createPushEndpoint(url, 'a', secret).catch((reason: unknown) => reason);
      expect(error).to.include({ code: 'SETTING_INVALID' });
      expect(String(error)).not.to.include(secret.reveal());
    });
  }
});
