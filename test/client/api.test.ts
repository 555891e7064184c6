import { expect } from 'chai';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { createConnector, runtimeOf } from '../../src/client/connector.ts';
import {
  ConnectorError,
  errorCodes,
  loadConnector,
  Secret,
  type UntypedOperations,
} from '../../src/index.ts';

const settings = { orgUrl: 'https://contoso.crm.dynamics.com' };
const credential = { kind: 'host', getToken: () => ({ token: 'x' }) } as const;

async function errorOf(work: () => unknown): Promise<ConnectorError> {
  try {
    await work();
  } catch (error) {
    return error as ConnectorError;
  }
  return expect.fail('nothing was thrown');
}

describe('Connector', () => {
  it('has methods only: its parts are reached through the host SDK', async () => {
    const connector = await loadConnector();
    expect(Object.values(connector).map((member) => typeof member)).to.deep.equal(Array(6).fill('function'));
    expect(JSON.stringify(connector)).to.equal('{}');
    expect(runtimeOf(connector).definition.id).to.equal('dynamics365-customer-service');
    expect((await errorOf(() => runtimeOf({} as never))).code).to.equal('SETTING_INVALID');
  });

  it('createConnector: accepts the parts that runtimeOf returns', async () => {
    const { limiters: _, ...parts } = runtimeOf(await loadConnector());
    expect(createConnector(parts).describe()).to.have.property('actions');
  });

  it('rejects an unknown option with the nearest name', async () => {
    const load = await errorOf(() => loadConnector({ stroe: 1 } as never));
    expect(load.message).to.equal('Option "stroe" of loadConnector is unknown. Did you mean "store"?');
    expect(load.code).to.equal('SETTING_INVALID');
    const connector = await loadConnector();
    const connect = await errorOf(() =>
      connector.connect(settings, credential, { allowLoopbak: true } as never),
    );
    expect(connect.message).to.include('Did you mean "allowLoopback"?');
    const client = connector.connect(settings, credential);
    const run = await errorOf(() => client.run('case.list', {}, { idempotencykey: 'x' } as never));
    expect(run.message).to.equal('Option "idempotencykey" of run is unknown. Did you mean "idempotencyKey"?');
    const poll = await errorOf(() => client.poll('case.created', {}, undefined, { since: 'x' } as never));
    expect(poll.message).to.include(
      'Known options: signal, from, ignoreChangesBy, overlapMs, retention, wake, maxRowItems, resume.',
    );
  });

  it('rejects an option of the wrong type', async () => {
    const error = await errorOf(() => loadConnector({ fetch: 'https' as never }));
    expect(error.message).to.equal('Option "fetch" of loadConnector must be a function.');
  });
});

describe('ConnectorError', () => {
  it('is recognized by a brand, so that a second copy in a bundle is recognized too', () => {
    const brand = Symbol.for('dynamics365-connector.ConnectorError');
    const ofOtherCopy = Object.assign(new Error('x'), { [brand]: true });
    expect(ofOtherCopy).to.be.instanceOf(ConnectorError);
    expect(ConnectorError.is(ofOtherCopy)).to.equal(true);
    expect(ConnectorError.is(new ConnectorError('NOT_FOUND', 'gone'))).to.equal(true);
    for (const other of [new Error('x'), null, undefined, 'NOT_FOUND', {}]) {
      expect(ConnectorError.is(other)).to.equal(false);
    }
    expect(errorCodes.NOT_FOUND.retryable).to.equal(false);
  });
});

describe('connect', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'sample' }] });
  });
  after(() => sandbox.close());
  const options = () => ({ allowLoopback: true, localAuthority: sandbox.authority.url });
  const organization = () => ({ orgUrl: sandbox.organization.origin });

  it('takes a TokenCredential of the Azure SDK and asks it for the scope of the organization', async () => {
    const scopes: unknown[] = [];
    const azure = {
      async getToken(scope: string | string[]) {
        scopes.push(scope);
        return { token: sandbox.issueToken(), expiresOnTimestamp: Date.now() + 3_600_000 };
      },
    };
    const client = (await loadConnector()).connect(organization(), azure, { allowLoopback: true });
    expect(await client.check()).to.have.property('userId');
    expect(scopes).to.deep.equal([`${sandbox.organization.origin}/.default`]);
  });

  it('reports a TokenCredential that returns no token', async () => {
    const client = (await loadConnector()).connect(
      organization(),
      { getToken: async () => null },
      { allowLoopback: true },
    );
    expect(await errorOf(() => client.check())).to.include({ code: 'RECONNECT_NEEDED' });
  });

  it('takes a client secret as a plain string and never shows it', async () => {
    const { clientId, clientSecret = '' } = sandbox.app;
    const tenant = sandbox.authority.tenantId;
    const client = (await loadConnector()).connect(
      { ...organization(), tenant },
      { kind: 'app', app: { clientId, clientSecret } },
      options(),
    );
    expect(await client.check()).to.have.property('organizationId');
    const wrong = (await loadConnector()).connect(
      { ...organization(), tenant },
      { kind: 'app', app: { clientId, clientSecret: 'wr0ng~secret' } },
      options(),
    );
    expect(JSON.stringify(await errorOf(() => wrong.check()))).to.not.include('wr0ng');
  });

  it('rejects a secret that is neither a string nor a Secret', async () => {
    const connector = await loadConnector();
    const app = { clientId: sandbox.app.clientId, clientSecret: 5 as never };
    const error = await errorOf(() => connector.connect(settings, { kind: 'app', app }));
    expect(error).to.include({ code: 'CONNECTION_INVALID', message: 'The client secret must be a string.' });
    expect(String(new Secret('x'))).to.equal('[redacted]');
  });

  it('sends all requests with the fetch of loadConnector', async () => {
    const urls: string[] = [];
    const connector = await loadConnector<UntypedOperations>({
      fetch: (input, init) => {
        urls.push(String(input));
        return fetch(input, init);
      },
    });
    const client = connector.connect(
      organization(),
      { kind: 'host', getToken: () => ({ token: sandbox.issueToken() }) },
      { allowLoopback: true },
    );
    const { output } = await client.run('case.list', { limit: 2 });
    expect(output).to.have.length(2);
    expect(urls.every((url) => url.startsWith(sandbox.organization.origin))).to.equal(true);
    expect(urls.length).to.be.greaterThan(0);
  });

  it('takes the columns of a query as a list', async () => {
    const client = (await loadConnector()).connect(
      organization(),
      { kind: 'host', getToken: () => ({ token: sandbox.issueToken() }) },
      { allowLoopback: true },
    );
    for await (const rows of client.query({ table: 'case', select: ['title', 'prioritycode'], top: 1 })) {
      expect(Object.keys(rows[0] ?? {})).to.include.members(['title', 'prioritycode', 'incidentid']);
    }
    const report = await client.checkQuery({ table: 'case', select: ['titel'] });
    expect(report.diagnostics[0]?.message).to.include('titel');
  });
});
