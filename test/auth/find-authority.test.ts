import { expect } from 'chai';
import { parseEnvironment } from '../../src/auth/environment.ts';
import { findAuthority } from '../../src/auth/find-authority.ts';
import type { HttpResponse } from '../../src/model/http.ts';
import { errorOf } from './support/expect-error.ts';
import { environment } from './support/fixture.ts';
import { createManualClock } from './support/manual-clock.ts';
import { entraError, origin, otherTenant, respond, tenantId } from './support/scripted-authority.ts';

function find(tenant: string | undefined, getResponse: (url: string) => HttpResponse) {
  const urls: string[] = [];
  const found = findAuthority({
    environment,
    tenant,
    async send({ url, headers }) {
      urls.push(url);
      expect(headers, 'no secret is sent').to.deep.equal({ accept: 'application/json' });
      return getResponse(url);
    },
    clock: createManualClock(),
  });
  return { found, urls };
}
const serverError = () => respond({ status: 500, body: '' });

describe('findAuthority', () => {
  it('returns the authority of the cloud for a tenant id, without a request', async () => {
    const { found, urls } = find(` ${tenantId.toUpperCase()} `, serverError);
    expect(await found).to.deep.equal({
      origin: 'https://login.microsoftonline.com',
      tenant: tenantId,
      issuers: ['https://login.microsoftonline.com'],
    });
    expect(urls).to.deep.equal([]);
  });

  it('looks up the tenant id of a domain', async () => {
    const { found, urls } = find('Contoso.onmicrosoft.com', () =>
      respond({
        status: 200,
        body: {
          issuer: `https://login.microsoftonline.com/${tenantId}/v2.0`,
          token_endpoint: 'https://evil.example/token',
        },
      }),
    );
    expect((await found).tenant).to.equal(tenantId);
    expect((await found).origin).to.equal('https://login.microsoftonline.com');
    expect(urls).to.deep.equal([
      'https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration',
    ]);
  });

  it('rejects a configuration with the issuer of another authority', async () => {
    for (const issuer of [
      `https://evil.example/${tenantId}/v2.0`,
      'https://login.microsoftonline.com/x/v2.0',
      7,
    ]) {
      const { found } = find('contoso.com', () => respond({ status: 200, body: { issuer } }));
      await errorOf(found, 'RESPONSE_INVALID');
    }
  });

  it('throws CONNECTION_INVALID for a domain without tenant', async () => {
    const { found } = find('contoso.com', () =>
      respond(entraError('invalid_tenant', "AADSTS90002: Tenant 'contoso.com' not found.")),
    );
    const error = await errorOf(found, 'CONNECTION_INVALID');
    expect(error.message).to.contain('tenant does not exist');
  });

  for (const tenant of [undefined, '', 'organizations', 'common']) {
    it(`returns the tenant in the organization’s 401 for the tenant ${JSON.stringify(tenant)}`, async () => {
      const { found, urls } = find(tenant, () =>
        respond(
          { status: 401, body: '' },
          {
            'www-authenticate': `Bearer authorization_uri=https://evil.example/${otherTenant}/oauth2/authorize, resource_id=${origin}/`,
          },
        ),
      );
      const authority = await found;
      expect(authority.tenant).to.equal(otherTenant);
      expect(authority.origin, 'the host of the challenge is ignored').to.equal(
        'https://login.microsoftonline.com',
      );
      expect(urls).to.deep.equal([`${origin}/api/data/v9.2/`]);
    });
  }

  it('returns organizations when the 401 contains no tenant', async () => {
    expect((await find(undefined, () => respond({ status: 401, body: '' })).found).tenant).to.equal(
      'organizations',
    );
  });

  for (const tenant of ['contoso', 'consumers', '../evil', 'a b.com', 'contoso.com/x', '11111111-1111']) {
    it(`rejects the tenant ${JSON.stringify(tenant)} before sending a request`, async () => {
      const { found, urls } = find(tenant, serverError);
      await errorOf(found, 'CONNECTION_INVALID');
      expect(urls).to.deep.equal([]);
    });
  }

  it('uses a loopback authority only for a local environment, and only if the operator sets it', async () => {
    const local = parseEnvironment('http://127.0.0.1:9', { allowLoopback: true });
    const options = { tenant: tenantId, send: async () => serverError(), clock: createManualClock() };
    const found = await findAuthority({
      ...options,
      environment: local,
      localAuthority: 'http://127.0.0.1:8/x',
    });
    expect(found).to.deep.equal({
      origin: 'http://127.0.0.1:8',
      tenant: tenantId,
      issuers: ['http://127.0.0.1:8'],
    });
    for (const localAuthority of [
      undefined,
      'http://evil.example',
      'https://login.microsoftonline.com',
      'x',
    ]) {
      await errorOf(findAuthority({ ...options, environment: local, localAuthority }), 'CONNECTION_INVALID');
    }
    const real = await findAuthority({ ...options, environment, localAuthority: 'http://127.0.0.1:8' });
    expect(real.origin).to.equal('https://login.microsoftonline.com');
  });
});
