import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { ConnectorError } from '../../../src/errors/connector-error.ts';
import { managedIdentity } from '../../../src/node/identity/index.ts';
import { createNodeFetchSender } from '../../../src/node/node-fetch-sender.ts';

const scope = 'https://contoso.crm4.dynamics.com/.default';
const expiresOn = Math.floor(Date.now() / 1000) + 3600;
const token = {
  access_token: 'secret-token',
  expires_on: String(expiresOn),
  resource: 'x',
  token_type: 'Bearer',
};

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A clock whose sleeps end at once and are written down. The probe of one second never ends before the answer. */
function createTestClock() {
  const slept: number[] = [];
  return {
    slept,
    clock: {
      now: () => Date.now(),
      sleep: (ms: number, signal?: AbortSignal) => {
        if (signal !== undefined || ms === 1000)
          return new Promise<void>((resolve) => setTimeout(resolve, 400).unref());
        slept.push(ms);
        return Promise.resolve();
      },
    },
  };
}

describe('managedIdentity', () => {
  let server: Server;
  let address: string;
  let requests: IncomingMessage[];
  let answers: Answer[];
  before(async () => {
    server = createServer((request, response) => {
      requests.push(request);
      const isProbe = request.url?.includes('?') === false;
      const {
        status = 200,
        headers = {},
        body = token,
      } = isProbe ? { status: 400 } : (answers.shift() ?? {});
      response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    requests = [];
    answers = [];
  });
  after(() => server.close());

  const ask = async (env: Readonly<Record<string, string>>, choice = {}) => {
    const { clock, slept } = createTestClock();
    const credential = managedIdentity(choice, { env, clock, send: createNodeFetchSender({}) });
    const result = await credential.getToken(scope).catch((error: ConnectorError) => error);
    const last = requests.at(-1);
    const query = Object.fromEntries(new URL(last?.url ?? '/', address).searchParams);
    return { result, query, headers: last?.headers ?? {}, slept };
  };
  const appService = () => ({ IDENTITY_ENDPOINT: `${address}/msi/token`, IDENTITY_HEADER: 'header-secret' });
  const imds = () => ({ AZURE_POD_IDENTITY_AUTHORITY_HOST: address });

  it('asks App Service, Functions and Container Apps with their header', async () => {
    const { result, query, headers } = await ask(appService(), { clientId: 'abc' });
    expect(result).to.deep.equal({ token: 'secret-token', expiresOnTimestamp: expiresOn * 1000 });
    expect(query).to.deep.equal({
      'api-version': '2019-08-01',
      client_id: 'abc',
      resource: 'https://contoso.crm4.dynamics.com',
    });
    expect(headers).to.include({ 'x-identity-header': 'header-secret' });
  });

  it('asks the metadata service of a virtual machine after a probe', async () => {
    const { query, headers } = await ask(imds(), { resourceId: '/subscriptions/1' });
    expect(requests).to.have.length(2);
    expect(requests[0]!.headers).to.not.have.property('metadata');
    expect(query).to.include({ 'api-version': '2018-02-01', msi_res_id: '/subscriptions/1' });
    expect(headers).to.include({ metadata: 'true' });
  });

  it('asks Service Fabric and Machine Learning with their secret', async () => {
    const fabric = await ask({ ...appService(), IDENTITY_SERVER_THUMBPRINT: 'x' });
    expect(fabric.query['api-version']).to.equal('2019-07-01-preview');
    expect(fabric.headers).to.include({ secret: 'header-secret' });
    const learning = await ask({ MSI_ENDPOINT: `${address}/msi`, MSI_SECRET: 's' }, { clientId: 'abc' });
    expect(learning.query).to.include({ 'api-version': '2017-09-01', clientid: 'abc' });
    expect(learning.headers).to.include({ secret: 's' });
  });

  it('repeats what the platform asks to repeat, and waits longer while the metadata service is updated', async () => {
    answers = [{ status: 404 }, { status: 500 }];
    const first = await ask(imds());
    expect(first.result).to.include({ token: 'secret-token' });
    expect(first.slept).to.deep.equal([2000]);
    answers = [{ status: 410 }, { status: 410 }, { status: 410 }, { status: 410 }, { status: 410 }];
    const second = await ask(imds());
    expect(second.result).to.include({ token: 'secret-token' });
    expect(second.slept).to.deep.equal([10_000, 10_000, 10_000, 10_000, 10_000]);
    answers = Array.from({ length: 10 }, () => ({ status: 429, headers: { 'retry-after': '7' } }));
    const third = await ask(appService());
    expect((third.result as ConnectorError).code).to.equal('THROTTLED');
    expect(third.slept).to.deep.equal([7000, 7000, 7000]);
  });

  it('understands the times that platforms send, and refuses wrong answers without repeating their text', async () => {
    for (const expires of [expiresOn, String(expiresOn), new Date(expiresOn * 1000).toISOString()]) {
      answers = [{ body: { ...token, expires_on: expires } }];
      expect((await ask(appService())).result).to.include({ expiresOnTimestamp: expiresOn * 1000 });
    }
    for (const answer of [
      { body: '<html>' },
      { body: {} },
      { body: 'null' },
      { body: { access_token: 7 } },
      { status: 400, body: { error_description: 'Identity not found' } },
      { status: 302, headers: { location: 'https://evil.example' } },
    ]) {
      answers = [answer];
      const { result } = await ask(appService());
      expect((result as ConnectorError).code).to.equal('RECONNECT_NEEDED');
      expect(String(result)).to.not.contain('header-secret');
    }
  });

  it('sends nothing to an endpoint that is not on this machine', async () => {
    for (const endpoint of [
      'http://evil.example/msi',
      'https://169.254.evil.example/',
      'http://10.0.0.1/',
      'no url',
    ])
      expect(
        ((await ask({ ...appService(), IDENTITY_ENDPOINT: endpoint })).result as ConnectorError).code,
      ).to.equal('SETTING_INVALID');
    expect(requests).to.have.length(0);
  });

  it('reads only a key file of Azure Arc', async () => {
    const env = { IDENTITY_ENDPOINT: `${address}/arc`, IMDS_ENDPOINT: address };
    for (const file of [
      '/etc/shadow',
      '/var/opt/azcmagent/tokens/../../../etc/x.key',
      '/var/opt/azcmagent/tokens/x.txt',
      '',
    ]) {
      answers = [{ status: 401, headers: { 'www-authenticate': `Basic realm=${file}` } }];
      expect(((await ask(env)).result as ConnectorError).code).to.equal('SIGN_IN_INVALID');
    }
    answers = [
      { status: 401, headers: { 'www-authenticate': 'Basic realm=/var/opt/azcmagent/tokens/none.key' } },
    ];
    expect(((await ask(env)).result as ConnectorError).code).to.equal('SETTING_INVALID');
  });

  it('says at once that a machine outside of Azure has no identity', async () => {
    const silent = createServer(() => {});
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { result } = await ask({
      AZURE_POD_IDENTITY_AUTHORITY_HOST: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
    });
    expect((result as ConnectorError).code).to.equal('CONNECTION_INVALID');
    silent.closeAllConnections();
    silent.close();
  });
});
