import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { openSandboxClient, type SandboxClient } from '../../../test/support/sandbox-client.ts';
import { type McpHttpServer, serveMcpHttp } from '../src/index.ts';
import { served } from './fixture.ts';

const tenant = '11111111-1111-4111-8111-111111111111';
const otherGuid = 'dddddddd-dddd-4ddd-8ddd-dddddddddddd';
const audience = 'api://d365-mcp';
const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = () => Math.floor(Date.now() / 1000);

interface TokenParts {
  readonly header?: object;
  readonly claims?: object;
  readonly key?: typeof own.privateKey;
  /** Replaces the signature. */
  readonly signature?: string;
}

/** The server asks the caller's authorization server for keys; here it is one whose keys the test has. */
describe('MCP over HTTP with OAuth: token attacks', () => {
  let fixture: SandboxClient;
  let authority: Server;
  let issuer: string;
  let server: McpHttpServer;
  before(async () => {
    authority = createServer((request, response) => {
      const key = { ...own.publicKey.export({ format: 'jwk' }), kid: 'own', alg: 'RS256', use: 'sig' };
      const isKeys = request.url?.endsWith('/keys');
      response.end(JSON.stringify(isKeys ? { keys: [key] } : { issuer, jwks_uri: `${issuer}/keys` }));
    }).listen(0, '127.0.0.1');
    await once(authority, 'listening');
    issuer = `http://127.0.0.1:${(authority.address() as AddressInfo).port}/${tenant}/v2.0`;
    fixture = await openSandboxClient();
    server = await serveMcpHttp(served(fixture), { callers: { issuer, audience, scope: 'access_as_user' } });
  });
  after(async () => {
    await server.close();
    await fixture.close();
    authority.close();
    authority.closeAllConnections();
  });

  const createToken = ({ header = {}, claims = {}, key = own.privateKey, signature }: TokenParts = {}) => {
    const head = encode({ alg: 'RS256', typ: 'JWT', kid: 'own', ...header });
    const ids = { oid: otherGuid, tid: tenant, scp: 'access_as_user' };
    const times = { iat: now() - 60, nbf: now() - 60, exp: now() + 600 };
    const text = `${head}.${encode({ iss: issuer, aud: audience, ...ids, ...times, ...claims })}`;
    return `${text}.${signature ?? sign('sha256', Buffer.from(text), key).toString('base64url')}`;
  };
  const initialize = {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'test', version: '1' },
    } as JsonObject,
  };
  const post = async (authorization: string) => {
    const accept = 'application/json, text/event-stream';
    const headers = { 'content-type': 'application/json', accept, authorization };
    const response = await fetch(server.url, { method: 'POST', headers, body: JSON.stringify(initialize) });
    await response.text();
    return response.status;
  };

  it('accepts a right token', async () => {
    expect(await post(`Bearer ${createToken()}`)).to.equal(200);
  });

  const attacks: Readonly<Record<string, () => string>> = {
    'another issuer': () => createToken({ claims: { iss: issuer.replace(tenant, otherGuid) } }),
    'an issuer that begins with ours': () => createToken({ claims: { iss: `${issuer}.evil.example` } }),
    'another audience': () => createToken({ claims: { aud: 'api://another-api' } }),
    'the audience of Dataverse (a token that was passed through)': () =>
      createToken({ claims: { aud: fixture.sandbox.organization.origin } }),
    'another scope': () => createToken({ claims: { scp: 'access_as_user_2 other' } }),
    'no user (an app)': () => createToken({ claims: { oid: undefined } }),
    'an expiry in the past': () => createToken({ claims: { exp: now() - 60 } }),
    'no expiry': () => createToken({ claims: { exp: undefined } }),
    'a start in the future': () => createToken({ claims: { nbf: now() + 600 } }),
    'the key of another server': () => createToken({ key: foreign.privateKey }),
    'a key id that is not known': () => createToken({ header: { kid: 'other' } }),
    'a key of its own in the header': () =>
      createToken({
        header: { kid: undefined, jwk: foreign.publicKey.export({ format: 'jwk' }) },
        key: foreign.privateKey,
      }),
    'a key set of its own in the header': () =>
      createToken({ header: { jku: 'https://evil.example/keys' }, key: foreign.privateKey }),
    'no signature': () => createToken({ header: { alg: 'none' }, signature: '' }),
    'a signature by HMAC with the public key (algorithm confusion)': () => {
      const { createHmac } = process.getBuiltinModule('node:crypto');
      const text = createToken({ header: { alg: 'HS256' } })
        .split('.')
        .slice(0, 2)
        .join('.');
      const secret = own.publicKey.export({ format: 'pem', type: 'spki' });
      return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
    },
    'a header that must be understood and is not': () => createToken({ header: { crit: ['exp2'], exp2: 1 } }),
  };
  for (const [attack, create] of Object.entries(attacks)) {
    it(`refuses a token with ${attack}`, async () => {
      expect(await post(`Bearer ${create()}`)).to.equal(401);
    });
  }

  it('takes keys over https alone, except from this machine', async () => {
    for (const unsafe of [
      'http://login.evil.example/x/v2.0',
      'login.microsoftonline.com',
      'file:///etc/keys',
    ]) {
      const starting = serveMcpHttp(served(fixture), { callers: { issuer: unsafe, audience } });
      const error = await starting.catch((reason: unknown) => reason);
      expect(error).to.include({ code: 'SETTING_INVALID' });
    }
  });

  it('takes a token in no other place than the header Authorization', async () => {
    const token = createToken();
    const response = await fetch(`${server.url}?access_token=${token}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: `access_token=${token}` },
      body: JSON.stringify(initialize),
    });
    expect(response.status).to.equal(401);
    expect(await post(`Basic ${token}`)).to.equal(401);
    expect(await post(`Bearer ${token}, Bearer ${token}`)).to.equal(401);
  });
});
