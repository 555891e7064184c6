import { expect } from 'chai';
import { ConnectorError, loadConnector } from 'dynamics365-connector';
import { createMemoryStore } from 'dynamics365-connector/host';
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
});
