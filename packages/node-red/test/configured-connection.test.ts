import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { ConnectorError, loadConnector } from 'dynamics365-connector';
import { createMemoryStore } from 'dynamics365-connector/host';
import { createSandbox } from 'dynamics365-connector-sandbox';
import { createConfiguredConnection } from '../src/configured-connection.ts';
import type { NodeRedContext } from '../src/node-red-context.ts';

describe('Node-RED connection', () => {
  it('opens again after the store has failed once', async () => {
    const memory = createMemoryStore();
    let failures = 1;
    const store: NodeRedContext['store'] = {
      ...memory,
      async keys(start) {
        if (failures-- > 0) throw new ConnectorError('STORE_FAILED', 'The disk is full.');
        return await memory.keys(start);
      },
    };
    const connector = await loadConnector({ store });
    const context = { connector, store, red: { settings: {} } } as NodeRedContext;
    const { openClient } = createConfiguredConnection(context, {
      id: 'connection',
      credentials: { tokenKey: Buffer.alloc(32).toString('base64') },
      config: {
        orgUrl: 'https://contoso.crm.dynamics.com',
        tenant: '',
        clientId: '1f3d0c7a-5b1e-4c39-9d55-0a3c1c5d7e90',
        signIn: 'user',
      },
    });
    const first = await openClient().catch((error: ConnectorError) => error);
    expect(first).to.include({ code: 'STORE_FAILED' });
    expect(await openClient()).to.equal(await openClient());
  });

  it('signs in by the managed identity of the machine, without a secret', async () => {
    const sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }] });
    const asked: string[] = [];
    const platform = createServer((request, response) => {
      asked.push(String(request.url));
      const body = { access_token: sandbox.issueToken(), expires_on: Math.floor(Date.now() / 1000) + 3600 };
      response.end(JSON.stringify(body));
    }).listen(0, '127.0.0.1');
    await once(platform, 'listening');
    const { port } = platform.address() as AddressInfo;
    process.env.IDENTITY_ENDPOINT = `http://127.0.0.1:${port}/token`;
    process.env.IDENTITY_HEADER = 'header';
    try {
      const store = createMemoryStore();
      const connector = await loadConnector({ store });
      const connectOptions = { allowLoopback: true };
      const context = { connector, store, connectOptions, red: { settings: {} } } as NodeRedContext;
      const { openClient } = createConfiguredConnection(context, {
        id: 'connection',
        credentials: {},
        config: { orgUrl: sandbox.organization.origin, tenant: '', clientId: '', signIn: 'managed' },
      });
      await (await openClient()).check();
      expect(asked[0]).to.include(encodeURIComponent(sandbox.organization.origin));
    } finally {
      delete process.env.IDENTITY_ENDPOINT;
      delete process.env.IDENTITY_HEADER;
      platform.close();
      await sandbox.close();
    }
  });
});
