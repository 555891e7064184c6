import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createAppTokenSource } from '../../../src/auth/app-token-source.ts';
import { getAuthority } from '../../../src/auth/authority.ts';
import { createOAuthClient } from '../../../src/auth/create-oauth-client.ts';
import { createOnBehalfOfTokenSource } from '../../../src/auth/on-behalf-of-token-source.ts';
import type { ErrorCode } from '../../../src/errors/error-codes.ts';
import { Secret } from '../../../src/model/secret.ts';
import { workloadAssertion } from '../../../src/node/identity/index.ts';
import { errorOf } from '../../auth/support/expect-error.ts';
import { createAuthFixture, environment } from '../../auth/support/fixture.ts';
import { clientId, origin, tenantId } from '../../auth/support/scripted-authority.ts';

const scopes = [`${origin}/.default`];
const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl';

describe('workloadAssertion', () => {
  let server: Server;
  let address: string;
  let folder: string;
  let requests: IncomingMessage[];
  let body: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'd365-workload-'));
    server = createServer((request, response) => {
      requests.push(request);
      response.end(body);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    requests = [];
    body = JSON.stringify({ value: jwt, oidcToken: jwt });
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  it('signs an app in with the token file of AKS, which is read again after five minutes', async () => {
    const file = join(folder, 'token');
    writeFileSync(file, `${jwt}\n`);
    const { authority, clock } = createAuthFixture();
    const assertion = workloadAssertion({ env: { AZURE_FEDERATED_TOKEN_FILE: file }, clock });
    const oauth = createOAuthClient({
      authority: getAuthority(environment, tenantId),
      app: { clientId, assertion },
      send: authority.send,
      clock,
    });
    const source = createAppTokenSource({ oauth, scopes, clock });
    await source.getToken();
    expect(authority.forms[0]).to.deep.equal({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: jwt,
      scope: scopes[0],
    });
    const renewed = jwt.replace('c2ln', 'bmV3');
    writeFileSync(file, renewed);
    await clock.advance(2_900_000);
    await source.getToken();
    expect(authority.forms[1]!.client_assertion).to.equal(renewed);
  });

  it('asks GitHub for a token with the audience of Entra, for each sign-in', async () => {
    const env = {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${address}/oidc?x=1`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'job-secret',
    };
    const assertion = workloadAssertion({ env });
    expect([await assertion(), await assertion()]).to.deep.equal([jwt, jwt]);
    expect(requests).to.have.length(2);
    expect(requests[0]!.url).to.equal('/oidc?x=1&audience=api%3A%2F%2FAzureADTokenExchange');
    expect(requests[0]!.headers.authorization).to.equal('bearer job-secret');
  });

  it('asks Azure Pipelines for a token', async () => {
    const env = { SYSTEM_OIDCREQUESTURI: `${address}/oidc`, SYSTEM_ACCESSTOKEN: 'job-secret' };
    expect(await workloadAssertion({ env })()).to.equal(jwt);
    expect(requests[0]!.method).to.equal('POST');
    expect(requests[0]!.headers).to.include({ 'x-tfs-fedauthredirect': 'Suppress' });
  });

  it('refuses wrong answers, files that cannot be read, http, and an environment without identity', async () => {
    const expectCode = async (env: Readonly<Record<string, string>>, code: ErrorCode) =>
      await errorOf(Promise.resolve().then(workloadAssertion({ env })), code);
    const gitHub = {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${address}/`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'job-secret',
    };
    for (const wrong of ['', '{}', 'null', '{"value":7}', '{"value":"no jwt"}', '<html>']) {
      body = wrong;
      await expectCode(gitHub, 'RECONNECT_NEEDED');
    }
    await expectCode({ AZURE_FEDERATED_TOKEN_FILE: join(folder, 'none') }, 'SETTING_INVALID');
    await expectCode({ ...gitHub, ACTIONS_ID_TOKEN_REQUEST_URL: 'http://evil.example/' }, 'SETTING_INVALID');
    await expectCode({}, 'CONNECTION_INVALID');
  });
});

describe('createOnBehalfOfTokenSource', () => {
  const open = (userToken: () => string | Promise<string>) => {
    const { authority, clock } = createAuthFixture();
    const app = { clientId, clientSecret: new Secret('s3cret') };
    const oauth = createOAuthClient({
      authority: getAuthority(environment, tenantId),
      app,
      send: authority.send,
      clock,
    });
    return { authority, clock, source: createOnBehalfOfTokenSource({ oauth, userToken, scopes, clock }) };
  };

  it('exchanges the token of the user, once for all concurrent callers', async () => {
    const { authority, source } = open(() => 'user-token');
    await Promise.all([1, 2, 3].map(() => source.getToken()));
    expect(authority.forms).to.deep.equal([
      {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        client_id: clientId,
        client_secret: 's3cret',
        assertion: 'user-token',
        requested_token_use: 'on_behalf_of',
        scope: scopes[0],
      },
    ]);
  });

  it('fails with RECONNECT_NEEDED, without the error of the host, if there is no token of the user', async () => {
    const failures: readonly (() => string | Promise<string>)[] = [
      () => '',
      () => undefined as never,
      () => {
        throw new Error('user-token secret');
      },
    ];
    for (const userToken of failures) {
      const error = await errorOf(open(userToken).source.getToken(), 'RECONNECT_NEEDED');
      expect(JSON.stringify(error)).to.not.contain('secret');
    }
  });
});
