import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { secretFrom } from '../../../src/node/secret-managers/index.ts';

/** Where `npm run test:secret-managers` has installed the clients. */
const require = createRequire(`${process.env.D365_VENDOR_CLIENTS}/index.js`);

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly token: unknown;
  readonly namespace: unknown;
  readonly type: unknown;
  readonly body: string;
}

/** What the clients of others send for the same secret, so that our requests and the answers in our tests are not only our reading. */
describe('secretFrom: compared with clients of others', () => {
  let server: Server;
  let endpoint: string;
  let seen: Seen[];
  before(async () => {
    server = createServer(async (request, response) => {
      const {
        'x-vault-token': token,
        'x-vault-namespace': namespace,
        'content-type': type,
      } = request.headers;
      const { method, url } = request;
      seen.push({ method, url, token, namespace, type, body: await text(request) });
      const auth = { client_token: 'hvs.token', lease_duration: 60 };
      const data = { data: { keys: 'k1:secret' }, metadata: { version: 1 } };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(url?.endsWith('/login') ? { auth } : { data }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    seen = [];
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  it('HashiCorp Vault: the same requests as node-vault, from the sign-in with AppRole on', async () => {
    const client = require('node-vault')({ endpoint, namespace: 'support' });
    await client.approleLogin({ role_id: 'role', secret_id: 'secret-id' });
    expect((await client.read('kv/data/d365')).data.data.keys).to.equal('k1:secret');
    const theirs = seen.splice(0);
    const env = { VAULT_ROLE_ID: 'role', VAULT_SECRET_ID: 'secret-id', VAULT_NAMESPACE: 'support' };
    const ours = await secretFrom(`${endpoint}/v1/kv/data/d365#keys`, { env })();
    expect(ours.reveal()).to.equal('k1:secret');
    expect(seen).to.deep.equal(theirs);
  });

  it('Azure Key Vault: the same address and scope as @azure/keyvault-secrets', async () => {
    const { SecretClient } = require('@azure/keyvault-secrets');
    const { createHttpHeaders } = require('@azure/core-rest-pipeline');
    const scopes: string[] = [];
    const azureCredential = {
      getToken: async (scope: string | string[]) => {
        scopes.push(String(scope));
        return { token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 };
      },
    };
    const paths: string[] = [];
    const id = 'https://contoso.vault.azure.net/secrets/d365/0123456789abcdef0123456789abcdef';
    const answer = { value: 'k1:secret', id, attributes: { enabled: true } };
    const challenge =
      'Bearer authorization="https://login.microsoftonline.com/t", resource="https://vault.azure.net"';
    const httpClient = {
      async sendRequest(request: { url: string; headers: { get(name: string): string | undefined } }) {
        const isSignedIn = request.headers.get('authorization') === 'Bearer token';
        if (isSignedIn) paths.push(new URL(request.url).pathname.replace(/\/$/, ''));
        return isSignedIn
          ? { request, status: 200, headers: createHttpHeaders(), bodyAsText: JSON.stringify(answer) }
          : { request, status: 401, headers: createHttpHeaders({ 'www-authenticate': challenge }) };
      },
    };
    const client = new SecretClient('https://contoso.vault.azure.net', azureCredential, { httpClient });
    expect((await client.getSecret('d365')).value).to.equal('k1:secret');
    const address = 'https://contoso.vault.azure.net/secrets/d365';
    const ours = await secretFrom(address, {
      azureCredential,
      async send({ url, headers }) {
        expect(headers).to.include({ authorization: 'Bearer token' });
        paths.push(new URL(url).pathname);
        const body = new TextEncoder().encode(JSON.stringify(answer));
        return {
          status: 200,
          headers: {},
          body: (async function* () {
            yield body;
          })(),
        };
      },
    })();
    expect(ours.reveal()).to.equal('k1:secret');
    expect(new Set(scopes)).to.deep.equal(new Set(['https://vault.azure.net/.default']));
    expect(paths).to.deep.equal(['/secrets/d365', '/secrets/d365']);
  });
});
