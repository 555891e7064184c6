import { expect } from 'chai';
import { createConnector, runtimeOf } from '../../src/client/connector.ts';
import type { Credential } from '../../src/client/credential.ts';
import { loadConnector } from '../../src/index.ts';

const id = '1f3d0c7a-5b1e-4c39-9d55-0a3c1c5d7e90';
const credential: Credential = { kind: 'host', getToken: () => ({ token: 'x.y.z', expiresAt: 1e15 }) };

/** What an error of the connector tells. */
function failure(work: () => unknown): string {
  try {
    work();
    return 'none';
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return `${code} ${message}`;
  }
}

describe('a plan without a connection', () => {
  it('refuses the settings that a connection refuses, in the same words', async () => {
    const connector = await loadConnector();
    for (const settings of [
      { orgUrl: 'http://contoso.crm.dynamics.com' },
      { orgUrl: 'https://contoso.crm.dynamics.com', tenant: 'no tenant' },
    ]) {
      const refused = failure(() => connector.connect(settings, credential));
      expect(refused).to.match(/^CONNECTION_INVALID/);
      expect(failure(() => connector.explain('case.get', { id }, settings))).to.equal(refused);
    }
  });

  it('refuses an API that is not below the environment, as a connection does', async () => {
    const { definition, validator, services } = runtimeOf(await loadConnector());
    for (const text of [
      'https://contoso.example/api/data/v9.2',
      'https://contoso.crm.dynamics.com.example/api',
    ]) {
      const api = { ...definition.api, baseUrl: { parts: [text] } };
      const connector = createConnector({ definition: { ...definition, api }, validator, services });
      const settings = { orgUrl: 'https://contoso.crm.dynamics.com' };
      const refused = failure(() => connector.connect(settings, credential));
      expect(refused).to.match(/^ORIGIN_REFUSED/);
      expect(failure(() => connector.explain('case.get', { id }, settings))).to.equal(refused);
    }
  });
});
