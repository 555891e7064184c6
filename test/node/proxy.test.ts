import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { type Connector, createConnector, runtimeOf } from '../../src/client/connector.ts';
import { loadConnector, type UntypedOperations } from '../../src/index.ts';
import type { HttpResponse, HttpSender } from '../../src/model/http.ts';
import { createFindProxy } from '../../src/node/network/find-proxy.ts';
import type { SenderOptions } from '../../src/node/network/sender-options.ts';
import { createNodeFetchSender } from '../../src/node/node-fetch-sender.ts';
import { createNodeServices } from '../../src/node/services.ts';
import { createUndiciSender } from '../../src/node/undici-sender.ts';
import { createAuthority } from '../support/certificate.ts';
import { startTestProxy, type TestProxy } from '../support/test-proxy.ts';
import { startServer, startSilentServer } from './loopback-server.ts';

const organizationHost = 'contoso.crm4.dynamics.com';
const signInHost = 'login.microsoftonline.com';
const url = `https://${organizationHost}/api/data/v9.2/WhoAmI`;
const tenant = '11111111-1111-4111-8111-111111111111';
const userId = '22222222-2222-4222-8222-222222222222';

const senders: Readonly<Record<string, (env: NodeJS.ProcessEnv, options?: SenderOptions) => HttpSender>> = {
  'node-fetch': createNodeFetchSender,
  undici: createUndiciSender,
};

describe('requests through a proxy', () => {
  const authority = createAuthority('Test Root');
  const caCertificates = authority.certificate;
  const hosts: Parameters<typeof startTestProxy>[0]['hosts'] = {
    [organizationHost]: (_, response) =>
      void response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ UserId: userId, BusinessUnitId: userId, OrganizationId: userId })),
    [signInHost]: (_, response) =>
      void response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ token_type: 'Bearer', access_token: 'token', expires_in: 3600 })),
  };
  let proxy: TestProxy;

  before(async () => {
    proxy = await startTestProxy({ authority, hosts });
  });
  afterEach(() => {
    proxy.status = 200;
    proxy.tunnels.length = 0;
    proxy.requests.length = 0;
  });
  after(() => proxy.close());

  // Compiled once, because that takes most of the time.
  let loading: Promise<Connector> | undefined;
  const loaded = () => {
    loading ??= loadConnector<UntypedOperations>({
      transport: 'undici',
      proxy: `http://127.0.0.1:${proxy.port}`,
      caCertificates,
    });
    return loading;
  };

  async function expectSignInThroughProxy(connector: Connector): Promise<void> {
    const client = connector.connect(
      { orgUrl: `https://${organizationHost}`, tenant },
      { kind: 'app', app: { clientId: userId, clientSecret: 'secret' } },
    );
    expect((await client.check()).userId).to.equal(userId);
    const reached = new Set(proxy.requests.map(({ headers }) => headers.host));
    expect([...reached]).to.have.members([organizationHost, signInHost]);
  }

  it('loadConnector: signs in and sends through the proxy of its option', async () => {
    await expectSignInThroughProxy(await loaded());
  });

  for (const [name, create] of Object.entries(senders)) {
    describe(name, () => {
      const get = (send: HttpSender, to = url) => send({ method: 'GET', url: to, headers: {} });

      for (const variable of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy']) {
        it(`asks the proxy of ${variable} for a tunnel, and trusts the authority of the option`, async () => {
          const send = create({ [variable]: `http://127.0.0.1:${proxy.port}` }, { caCertificates });
          for (let n = 0; n < 5; n++) expect(await textOf(await get(send))).to.contain(userId);
          expect(proxy.tunnels.length).to.be.within(1, 2);
          expect(proxy.tunnels[0]).to.equal(`CONNECT ${organizationHost}:443`);
          expect(proxy.requests).to.have.length(5);
        });
      }

      it('asks the proxy of the option instead of that of the environment', async () => {
        const options = { proxy: `127.0.0.1:${proxy.port}`, caCertificates };
        await get(create({ HTTPS_PROXY: 'http://127.0.0.1:1' }, options));
        expect(proxy.tunnels).to.have.length(1);
      });

      it('reads NODE_EXTRA_CA_CERTS if it was set after the process started', async () => {
        const folder = mkdtempSync(join(tmpdir(), 'd365-ca-'));
        const file = join(folder, 'root.pem');
        writeFileSync(file, `a comment\n${caCertificates}`);
        const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, NODE_EXTRA_CA_CERTS: file };
        expect(await textOf(await get(create(env)))).to.contain(userId);
        writeFileSync(file, 'not a certificate');
        expect(await rejectionOf(get(create(env)))).to.include({
          code: 'SETTING_INVALID',
          message: 'The file of NODE_EXTRA_CA_CERTS has no valid certificate.',
        });
        rmSync(folder, { recursive: true });
        expect(errorOf(() => create(env))).to.include({
          code: 'SETTING_INVALID',
          message: 'The file of NODE_EXTRA_CA_CERTS cannot be read (ENOENT).',
        });
      });

      it('rejects a server whose authority is not trusted', async () => {
        const error = await rejectionOf(get(create({ HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` })));
        expect(error.code).to.match(/^(UNABLE_TO_|SELF_SIGNED_)/);
        expect(proxy.requests).to.have.length(0);
      });

      it('sends user and password to the proxy only, and prints them nowhere', async () => {
        const login = 'svc:p@ss word';
        const strict = await startTestProxy({ authority, hosts, login });
        const address = `svc:p%40ss%20word@127.0.0.1:${strict.port}`;
        const send = create({ HTTPS_PROXY: `http://${address}` }, { caCertificates });
        expect(await textOf(await get(send))).to.contain(userId);
        expect(inspect(strict.requests[0]?.headers)).to.not.match(/proxy-authorization/i);
        await strict.close();
        const refused = await rejectionOf(get(create({ HTTPS_PROXY: `http://${address}` })));
        expect(refused.message).to.equal(
          `No connection to the proxy 127.0.0.1:${strict.port} (ECONNREFUSED); nothing was sent.`,
        );
        expect(inspect(refused)).to.not.match(/p@ss|p%40ss|c3Zj/);
      });

      it('names what the proxy answered', async () => {
        const strict = await startTestProxy({ authority, hosts, login: 'svc:secret' });
        const errors = [];
        for (const user of ['', 'svc:wrong@', 'svc@'])
          errors.push(
            await rejectionOf(get(create({ HTTPS_PROXY: `http://${user}127.0.0.1:${strict.port}` }))),
          );
        await strict.close();
        proxy.status = 502;
        errors.push(await rejectionOf(get(create({ HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` }))));
        const wrong = `The proxy 127.0.0.1:${strict.port} refuses the user or the password (HTTP 407); nothing was sent.`;
        expect(errors.map(({ message }) => message)).to.deep.equal([
          `The proxy 127.0.0.1:${strict.port} asks for a user and a password (HTTP 407); nothing was sent.`,
          wrong,
          wrong,
          `The proxy 127.0.0.1:${proxy.port} does not connect to ${organizationHost} (HTTP 502); nothing was sent.`,
        ]);
        expect(errors.map(({ code }) => code)).to.deep.equal([
          'SETTING_INVALID',
          'SETTING_INVALID',
          'SETTING_INVALID',
          'NETWORK',
        ]);
        expect(inspect(errors)).to.not.contain('wrong@');
      });

      it('reaches a proxy with TLS', async () => {
        const secure = await startTestProxy({ authority, hosts, secureAs: 'localhost' });
        const send = create({ HTTPS_PROXY: `https://localhost:${secure.port}` }, { caCertificates });
        expect(await textOf(await get(send))).to.contain(userId);
        await secure.close();
      });

      it('reaches this machine and hosts of NO_PROXY directly', async () => {
        const server = await startServer();
        const address = `http://127.0.0.1:${proxy.port}`;
        const send = create({
          HTTP_PROXY: address,
          HTTPS_PROXY: address,
          NO_PROXY: 'contoso.crm4.dynamics.com',
        });
        expect((await get(send, server.url)).status).to.equal(200);
        expect(proxy.tunnels).to.have.length(0);
        await server.close();
      });

      it('ends a request that waits for the proxy when the signal aborts, or at the timeout', async () => {
        const silent = await startSilentServer();
        const { port } = silent;
        const controller = new AbortController();
        const send = create({ HTTPS_PROXY: `http://127.0.0.1:${port}` }, { connectTimeoutMs: 50 });
        const timedOut = await rejectionOf(get(send));
        expect(timedOut.message).to.equal(
          `No connection to the proxy 127.0.0.1:${port} (TIMEOUT); nothing was sent.`,
        );
        const aborted = rejectionOf(send({ method: 'GET', url, headers: {}, signal: controller.signal }));
        controller.abort();
        await aborted;
        silent.close();
      });

      it('signs in and sends through the proxy', async () => {
        const options = { proxy: `http://127.0.0.1:${proxy.port}`, caCertificates };
        const services = createNodeServices({ send: create({}, options) });
        const connector = createConnector({ ...runtimeOf(await loaded()), services });
        await expectSignInThroughProxy(connector);
      });
    });
  }

  for (const [option, value] of Object.entries({
    proxy: 'socks5://svc:secret@proxy:1080',
    caCertificates: 'x',
  })) {
    it(`loadConnector: rejects an invalid option "${option}" without its value`, async () => {
      const error = await rejectionOf(loadConnector({ [option]: value }));
      expect(error.code).to.equal('SETTING_INVALID');
      expect(inspect(error)).to.not.match(/secret|socks5:/);
    });
  }

  it('loadConnector: rejects an unknown transport, and network options beside a sender', async () => {
    const send: HttpSender = () => Promise.reject(new Error('not called'));
    expect((await rejectionOf(loadConnector({ transport: 'http3' as 'undici' }))).message).to.equal(
      'Option "transport" must be node-fetch or undici.',
    );
    expect((await rejectionOf(loadConnector({ send, proxy: 'http://proxy:8080' }))).message).to.equal(
      'The option "proxy" has no effect with "send", which sends the requests.',
    );
  });
});

describe('NO_PROXY', () => {
  const cases: readonly (readonly [list: string, host: string, isDirect: boolean, port?: number])[] = [
    ['', 'contoso.com', false],
    ['*', 'contoso.com', true],
    ['contoso.com', 'contoso.com', true],
    ['contoso.com', 'CRM.contoso.com', true],
    ['contoso.com', 'notcontoso.com', false],
    ['.contoso.com', 'crm.contoso.com', true],
    ['*.contoso.com', 'crm.contoso.com', true],
    ['a.com, contoso.com', 'contoso.com', true],
    ['a.com contoso.com', 'contoso.com', true],
    ['contoso.com:443', 'contoso.com', true],
    ['contoso.com:8443', 'contoso.com', false],
    ['contoso.com:8443', 'contoso.com', true, 8443],
    ['10.0.0.0/8', '10.1.2.3', true],
    ['10.0.0.0/8', '11.1.2.3', false],
    ['10.1.2.3', '10.1.2.3', true],
    ['fd00::/8', 'fd12::1', true],
    ['fd00::/8', 'fe80::1', false],
    ['[fd12::1]', 'fd12::1', true],
    ['fd12::1', 'fd12::1', true],
    ['10.0.0.0/33', '10.0.0.0', false],
    ['other.com', 'localhost', true],
    ['other.com', '::1', true],
  ];
  for (const [list, hostname, isDirect, port = 443] of cases) {
    it(`"${list}": ${hostname}:${port} is ${isDirect ? 'reached directly' : 'reached through the proxy'}`, () => {
      const findProxy = createFindProxy({ HTTPS_PROXY: 'http://proxy:8080', NO_PROXY: list });
      expect(findProxy({ isSecure: true, hostname, port }) === undefined).to.equal(isDirect);
    });
  }
});

async function textOf({ body }: HttpResponse): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

type CodedError = Error & { readonly code?: string };

async function rejectionOf(promise: Promise<unknown>): Promise<CodedError> {
  const error = await promise.then(
    () => new Error('It did not reject.'),
    (reason) => reason as Error,
  );
  expect(error).to.be.an.instanceOf(Error);
  return error;
}

function errorOf(work: () => unknown): CodedError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error as CodedError;
  }
}
