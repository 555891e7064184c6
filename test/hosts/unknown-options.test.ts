import { expect } from 'chai';
import { type ConnectorError, loadConnector } from 'dynamics365-connector';
import { managedIdentity, openAuditLog, workloadAssertion } from 'dynamics365-connector/node';
import { serveMcpHttp } from 'dynamics365-connector-mcp';
import { createTools } from 'dynamics365-connector-mcp/tools';
import { createSandbox } from 'dynamics365-connector-sandbox';
import { startService } from 'dynamics365-connector-service';
import { runWorker } from 'dynamics365-connector-worker';

const id = '2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10';
const settings = { orgUrl: 'https://contoso.crm.dynamics.com', tenant: 'contoso.onmicrosoft.com' };
const getToken = () => ({ token: 'x', expiresAt: Number.MAX_SAFE_INTEGER });
const fails = () => Promise.reject(new Error('not called'));
const vault = { read: fails, write: fails, replace: fails, delete: fails };

/** A wrong name in the options of a program without types: an option that is left out silently has another default. */
describe('unknown options', () => {
  const open = async () => await loadConnector();
  const connect = async (credential: object) => (await open()).connect(settings, credential as never);
  const signIn = async (user: object) => (await open()).signIn(settings, user as never);
  const parts = async () => {
    const connector = await open();
    return { connector, client: connector.connect(settings, { kind: 'host', getToken }) };
  };

  const calls: Readonly<Record<string, readonly [work: () => unknown, message: string]>> = {
    'an app credential': [
      () => connect({ kind: 'app', app: { clientId: id, secret: 'x' } }),
      'Option "secret" of an app is unknown.',
    ],
    'a credential with a misplaced secret': [
      () => connect({ kind: 'app', app: { clientId: id }, clientSecret: 'x' }),
      'Option "clientSecret" of an app credential is unknown.',
    ],
    'a certificate': [
      () => connect({ kind: 'app', app: { clientId: id, certificate: { certificate: '', privatekey: '' } } }),
      'Option "privatekey" of a certificate is unknown. Did you mean "privateKey"?',
    ],
    'a user credential': [
      () => connect({ kind: 'user', app: { clientId: id }, vault, conection: 'me' }),
      'Option "conection" of a user connection is unknown. Did you mean "connection"?',
    ],
    'an on-behalf-of credential': [
      () =>
        connect({ kind: 'on-behalf-of', app: { clientId: id }, userToken: getToken, usertoken: getToken }),
      'Option "usertoken" of an on-behalf-of credential is unknown. Did you mean "userToken"?',
    ],
    'a host credential': [
      () => connect({ kind: 'host', getToken, gettoken: getToken }),
      'Option "gettoken" of a host credential is unknown. Did you mean "getToken"?',
    ],
    'the user of signIn': [
      () => signIn({ app: { clientId: id }, vault, connection: 'me', name: 'x' }),
      'Option "name" of a user connection is unknown.',
    ],
    'the start of a sign-in': [
      async () => {
        const user = await signIn({ app: { clientId: id }, vault, connection: 'me' });
        return await user.start({ redirectUri: 'http://localhost:1', login_hint: 'anna' } as never);
      },
      'Option "login_hint" of start is unknown. Did you mean "loginHint"?',
    ],
    managedIdentity: [
      () => managedIdentity({ clientid: id } as never),
      'Option "clientid" of managedIdentity is unknown. Did you mean "clientId"?',
    ],
    workloadAssertion: [
      () => workloadAssertion({ environment: {} } as never),
      'Option "environment" of workloadAssertion is unknown.',
    ],
    openAuditLog: [
      () => openAuditLog({ folder: '/nowhere', keepDay: 30 } as never),
      'Option "keepDay" of openAuditLog is unknown. Did you mean "keepDays"?',
    ],
    createSandbox: [
      () => createSandbox({ organization: [] } as never),
      'Option "organization" of createSandbox is unknown. Did you mean "organizations"?',
    ],
    'a user of a sandbox': [
      () => createSandbox({ users: [{ name: 'a@b.example', role: ['Basic User'] } as never] }),
      'Option "role" of a user is unknown. Did you mean "roles"?',
    ],
    'limits of a sandbox': [
      () => createSandbox({ limits: { requests: 5 } as never }),
      'Option "requests" of limits is unknown.',
    ],
    'permissions of MCP': [
      async () => await serveMcpHttp({ ...(await parts()), permissions: { write: true } as never }),
      'Option "write" of permissions is unknown. Did you mean "writes"?',
    ],
    'callers of MCP': [
      async () =>
        await serveMcpHttp(await parts(), {
          callers: {
            issuer: 'https://login.microsoftonline.com/x/v2.0',
            audience: 'api://x',
            scopes: 'y',
          } as never,
        }),
      'Option "scopes" of callers is unknown. Did you mean "scope"?',
    ],
    createTools: [
      async () => createTools({ ...(await parts()), aprove: () => true } as never),
      'Option "aprove" of createTools is unknown. Did you mean "approve"?',
    ],
    startService: [
      () => startService({ allowedTarget: ['10.0.0.0/8'] } as never),
      'Option "allowedTarget" of startService is unknown. Did you mean "allowedTargets"?',
    ],
    runWorker: [
      () => runWorker({ keepDeadletterMs: 1 } as never, AbortSignal.abort()),
      'Option "keepDeadletterMs" of runWorker is unknown. Did you mean "keepDeadLettersMs"?',
    ],
  };
  it('a credential of a user is the user of a sign-in', async () => {
    const user = { kind: 'user', app: { clientId: id }, vault, connection: 'me' } as const;
    expect(await signIn(user)).to.have.property('start');
    expect(await connect(user)).to.have.property('run');
  });

  for (const [name, [work, message]] of Object.entries(calls)) {
    it(`${name}: are refused by name, with the nearest one`, async () => {
      const error = await Promise.resolve()
        .then(work)
        .then(
          () => expect.fail('It was accepted.'),
          (reason: ConnectorError) => reason,
        );
      expect(error.message).to.include(message);
      expect(error.code).to.match(/^(SETTING|CONNECTION|INPUT)_INVALID$/);
    });
  }
});
