import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { loadConnector } from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
import { openClient } from '../src/open-client.ts';
import { createFakeContext, type FakeN8n, fakeExecuteFunctions } from './fake-n8n.ts';

describe('n8n client', () => {
  it('keeps to the limits of the credential; 0 is no limit', async () => {
    const context = createFakeContext(runtimeOf(await loadConnector()).definition);
    const n8n: FakeN8n = { environmentUrl: 'https://contoso.crm.dynamics.com', token: () => 'token' };
    const countConcurrent = async (limits: object) => {
      let active = 0;
      let most = 0;
      const functions = fakeExecuteFunctions(n8n, {});
      const client = await openClient(context, {
        ...functions,
        getCredentials: async () => ({ environmentUrl: n8n.environmentUrl, ...limits }) as never,
        helpers: {
          ...functions.helpers,
          async httpRequestWithAuthentication() {
            most = Math.max(most, ++active);
            await setImmediate();
            active--;
            const body = new TextEncoder().encode('{}');
            return { statusCode: 200, headers: { 'content-type': 'application/json' }, body };
          },
        },
      });
      await Promise.all(
        Array.from({ length: 6 }, () => client.run('request.send', { method: 'GET', path: '/WhoAmI' })),
      );
      return most;
    };
    const none = { maxRequests: 0, maxExecutionMs: 0, maxConcurrentRequests: 0 };
    expect(await countConcurrent({ ...none, maxConcurrentRequests: 2 })).to.equal(2);
    expect(await countConcurrent(none)).to.be.above(2);
  });
});
