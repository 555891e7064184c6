import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { openSandboxClient, type SandboxClient } from '../../../test/support/sandbox-client.ts';
import { type McpHttpOptions, type McpHttpServer, serveMcpHttp } from '../src/index.ts';
import { callTool, callToolOutput, createTestClient, served } from './fixture.ts';

describe('MCP over HTTP with OAuth', () => {
  let fixture: SandboxClient;
  let server: McpHttpServer;

  /** The tokens of the sandbox are for its organization; a real server has an app registration of its own. */
  const options = (): McpHttpOptions => {
    const { authority, organization } = fixture.sandbox;
    const issuer = `${authority.url}/${authority.tenantId}/v2.0`;
    return { callers: { issuer, audience: organization.origin, scope: 'user_impersonation' } };
  };
  before(async () => {
    fixture = await openSandboxClient();
    server = await serveMcpHttp({ ...served(fixture), permissions: { writes: true } }, options());
  });
  after(async () => {
    await server.close();
    await fixture.close();
  });

  const connect = async (token: string) => {
    const client = createTestClient();
    const requestInit = { headers: { authorization: `Bearer ${token}` } };
    await client.connect(new StreamableHTTPClientTransport(new URL(server.url), { requestInit }));
    return client;
  };
  const post = (headers: Readonly<Record<string, string>>) =>
    fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{}',
    });

  it('names its authorization server in the metadata of RFC 9728, which a 401 response points to', async () => {
    const response = await post({});
    expect(response.status).to.equal(401);
    const challenge = response.headers.get('www-authenticate') ?? '';
    const [, url = ''] = /resource_metadata="([^"]+)"/.exec(challenge) ?? [];
    expect(new URL(url).pathname).to.equal('/.well-known/oauth-protected-resource/mcp');
    const metadata = (await (await fetch(url)).json()) as JsonObject;
    expect(metadata.resource).to.equal(server.url);
    expect(metadata.authorization_servers).to.deep.equal([options().callers?.issuer]);
    expect(metadata.scopes_supported).to.deep.equal([
      `${fixture.sandbox.organization.origin}/user_impersonation`,
    ]);
  });

  it('rejects tokens that are forged, changed, or without the scope', async () => {
    const token = fixture.sandbox.issueToken();
    const [head, body = '', signature] = token.split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as JsonObject;
    const changed = Buffer.from(JSON.stringify({ ...claims, oid: crypto.randomUUID() })).toString(
      'base64url',
    );
    const unsigned = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    const appToken = fixture.sandbox.issueToken(fixture.sandbox.app);
    for (const wrong of [`${head}.${changed}.${signature}`, `${unsigned}.${body}.`, 'abc', appToken]) {
      const response = await post({ authorization: `Bearer ${wrong}` });
      expect(response.status, wrong.slice(0, 20)).to.equal(401);
      expect(response.headers.get('www-authenticate')).to.include('error="invalid_token"');
    }
  });

  it('runs the actions of each caller as that caller', async () => {
    const { users, organization } = fixture.sandbox;
    for (const user of users.slice(0, 2)) {
      const client = await connect(fixture.sandbox.issueToken(user));
      const input = { name: `Created by ${user.name}` };
      const created = await callToolOutput(client, 'run_action', { action: 'account.create', input });
      expect((created.owner as JsonObject).id).to.equal(organization.findSystemUserId(user));
    }
    const client = await connect(fixture.sandbox.issueToken());
    const { text } = await callTool(client, 'case_search', { text: 'none' });
    expect(JSON.parse(text).output).to.deep.equal([]);
  });

  it('has one connection for each caller, with the newest token of the caller', async () => {
    const opened: string[] = [];
    const own = await serveMcpHttp(served(fixture), {
      ...options(),
      connectCaller(caller) {
        opened.push(caller.objectId);
        return fixture.client;
      },
    });
    try {
      const authorization = `Bearer ${fixture.sandbox.issueToken()}`;
      for (let count = 0; count < 2; count++) {
        const client = createTestClient();
        const requestInit = { headers: { authorization } };
        await client.connect(new StreamableHTTPClientTransport(new URL(own.url), { requestInit }));
        await client.listTools();
      }
      expect(opened).to.have.length(1);
    } finally {
      await own.close();
    }
  });

  it('listens elsewhere than on loopback only with a sign-in and a public URL', async () => {
    for (const wrong of [{ host: '0.0.0.0' }, { host: '0.0.0.0', ...options() }]) {
      const error = await serveMcpHttp(served(fixture), wrong).catch((thrown: unknown) => thrown);
      expect(error).to.include({ code: 'SETTING_INVALID' });
    }
    const open = await serveMcpHttp(served(fixture), {
      ...options(),
      host: '0.0.0.0',
      publicUrl: 'https://mcp.contoso.com/',
    });
    await open.close();
    expect(open.url).to.equal('https://mcp.contoso.com/mcp');
  });

  it('throws SETTING_INVALID for an authorization server that has no metadata', async () => {
    const callers = { issuer: fixture.sandbox.organization.origin, audience: 'x' };
    const error = await serveMcpHttp(served(fixture), { callers }).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'SETTING_INVALID' });
  });
});
