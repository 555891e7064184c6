import { expect } from 'chai';
import { clouds } from '../../src/auth/clouds.ts';
import { resolveDiscoveryEnvironment } from '../../src/auth/discovery-environment.ts';
import {
  listOrganizations,
  type Organization,
  suggestOrganizations,
} from '../../src/auth/organization-discovery.ts';
import type { HttpRequest, HttpResponse } from '../../src/model/http.ts';
import { Secret } from '../../src/model/secret.ts';
import { errorOf } from './support/expect-error.ts';
import { createManualClock } from './support/manual-clock.ts';
import { respond } from './support/scripted-authority.ts';

const row = {
  Id: 'aaaaaaaa-0000-0000-0000-000000000001',
  FriendlyName: 'Contoso',
  UniqueName: 'unq123',
  UrlName: 'contoso',
  Url: 'https://contoso.crm4.dynamics.com',
  ApiUrl: 'https://contoso.api.crm4.dynamics.com',
  Region: 'EMEA',
  TenantId: 'bbbbbbbb-0000-0000-0000-000000000001',
  Version: '9.2.24',
  State: 0,
};

const contoso: Organization = {
  name: 'Contoso',
  url: 'https://contoso.crm4.dynamics.com',
  uniqueName: 'unq123',
  id: row.Id,
  tenantId: row.TenantId,
  region: 'EMEA',
  version: '9.2.24',
  enabled: true,
};

function list(response: HttpResponse) {
  const requests: HttpRequest[] = [];
  const found = listOrganizations({
    discovery: clouds.commercial.discoveryOrigin,
    token: { token: new Secret('canary-token'), expiresAt: 0 },
    async send(request) {
      requests.push(request);
      return response;
    },
    clock: createManualClock(),
  });
  return { found, requests };
}

describe('resolveDiscoveryEnvironment', () => {
  it('returns the discovery service of the commercial cloud by default', () => {
    expect(resolveDiscoveryEnvironment({})).to.deep.equal({
      origin: 'https://globaldisco.crm.dynamics.com',
      host: 'globaldisco.crm.dynamics.com',
      cloud: 'commercial',
    });
    expect(resolveDiscoveryEnvironment({ cloud: 'dod' }).host).to.equal('globaldisco.crm.appsplatform.us');
  });

  it('accepts only a loopback URL as local discovery service', async () => {
    expect(resolveDiscoveryEnvironment({ local: 'http://127.0.0.1:4000' }).cloud).to.equal('local');
    for (const local of [
      'https://evil.example',
      'https://contoso.crm.dynamics.com',
      'http://127.0.0.1.evil.example',
    ]) {
      await errorOf(() => resolveDiscoveryEnvironment({ local }), 'CONNECTION_INVALID');
    }
  });

  it('rejects an unknown cloud, also with the name of an Object property', async () => {
    for (const cloud of ['toString', '__proto__', 'comercial']) {
      await errorOf(() => resolveDiscoveryEnvironment({ cloud }), 'CONNECTION_INVALID');
    }
  });
});

describe('listOrganizations', () => {
  it('returns the organizations of the discovery service, sorted by name', async () => {
    const other = { ...row, FriendlyName: 'Adatum', Url: 'https://adatum.crm.dynamics.com/', State: 1 };
    const { found, requests } = list(respond({ status: 200, body: { value: [row, other] } }));
    expect(await found).to.deep.equal([
      { ...contoso, name: 'Adatum', url: 'https://adatum.crm.dynamics.com', enabled: false },
      contoso,
    ]);
    expect(requests).to.have.length(1);
    expect(requests[0]).to.deep.include({
      method: 'GET',
      url: 'https://globaldisco.crm.dynamics.com/api/discovery/v2.0/Instances',
      headers: { accept: 'application/json', authorization: 'Bearer canary-token' },
    });
  });

  it('skips rows without the URL of an organization', async () => {
    const value = [{ ...row, Url: 'https://evil.example' }, { ...row, Url: 7 }, null, 'x', row];
    expect(await list(respond({ status: 200, body: { value } })).found).to.have.length(1);
  });

  it('returns an empty list for a user without organizations', async () => {
    expect(await list(respond({ status: 200, body: { value: [] } })).found).to.deep.equal([]);
  });

  for (const [name, response, code] of [
    ['a rejected token', { status: 401, body: '' }, 'RECONNECT_NEEDED'],
    ['HTML', { status: 200, body: '<html>', type: 'text/html' }, 'RESPONSE_INVALID'],
    ['JSON without a list', { status: 200, body: { value: {} } }, 'RESPONSE_INVALID'],
    ['a redirect', { status: 302, body: '' }, 'RESPONSE_INVALID'],
    ['an outage', { status: 503, body: '' }, 'UNAVAILABLE'],
    ['too many requests', { status: 429, body: '' }, 'THROTTLED'],
  ] as const) {
    it(`throws ${code} for ${name}, without the token in the error`, async () => {
      const error = await errorOf(list(respond(response)).found, code);
      expect(JSON.stringify(error)).not.to.contain('canary');
    });
  }
});

describe('suggestOrganizations', () => {
  it('returns organizations with a similar name, in any region', () => {
    const organizationAt = (url: string) => ({ ...contoso, url });
    const known = [
      organizationAt('https://contoso.crm4.dynamics.com'),
      organizationAt('https://contosa.crm.dynamics.com'),
      organizationAt('https://northwind.crm.dynamics.com'),
    ];
    expect(suggestOrganizations('contoso.crm.dynamics.com', known)).to.deep.equal([
      'https://contoso.crm4.dynamics.com',
      'https://contosa.crm.dynamics.com',
    ]);
    expect(suggestOrganizations('contso.crm4.dynamics.com', known)[0]).to.equal(
      'https://contoso.crm4.dynamics.com',
    );
    expect(suggestOrganizations('fabrikam.crm17.dynamics.com', known)).to.deep.equal([]);
  });
});
