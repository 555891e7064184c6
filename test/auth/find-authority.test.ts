import { expect } from 'chai';
import { parseEnvironment } from '../../src/auth/environment.ts';
import { findAuthority } from '../../src/auth/find-authority.ts';
import type { HttpResponse } from '../../src/model/http.ts';
import { errorOf } from './support/expect-error.ts';
import { environment } from './support/fixture.ts';
import { createManualClock } from './support/manual-clock.ts';
import { origin, otherTenant, refusal, respond, tenantId } from './support/scripted-authority.ts';

function find(tenant: string | undefined, answer: (url: string) => HttpResponse, env = environment) {
  const urls: string[] = [];
  const found = findAuthority({
    environment: env,
    ...(tenant === undefined ? {} : { tenant }),
    async send({ url, headers }) {
      urls.push(url);
      expect(headers, 'nothing secret goes out').to.deep.equal({ accept: 'application/json' });
      return answer(url);
    },
    clock: createManualClock(),
  });
  return { found, urls };
}
const nothing = () => respond({ status: 500, body: '' });

describe('the authority of an environment', () => {
  it('is the cloud’s own, with the tenant id as given, and nothing is asked', async () => {
    const { found, urls } = find(` ${tenantId.toUpperCase()} `, nothing);
    expect(await found).to.deep.equal({
      origin: 'https://login.microsoftonline.com',
      tenant: tenantId,
      issuers: ['https://login.microsoftonline.com'],
    });
    expect(urls).to.deep.equal([]);
  });

  it('has the id of a domain’s tenant, as the authority itself says', async () => {
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

  it('refuses a configuration whose issuer is somebody else', async () => {
    for (const issuer of [
      `https://evil.example/${tenantId}/v2.0`,
      'https://login.microsoftonline.com/x/v2.0',
      7,
    ]) {
      const { found } = find('contoso.com', () => respond({ status: 200, body: { issuer } }));
      await errorOf(found, 'RESPONSE_INVALID');
    }
  });

  it('says that there is no such tenant', async () => {
    const { found } = find('contoso.com', () =>
      respond(refusal('invalid_tenant', "AADSTS90002: Tenant 'contoso.com' not found.")),
    );
    const error = await errorOf(found, 'CONNECTION_INVALID');
    expect(error.message).to.contain('no such tenant');
  });

  for (const tenant of [undefined, '', 'organizations', 'common']) {
    it(`has the tenant that the organization’s 401 names, when ${JSON.stringify(tenant)} is given`, async () => {
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
      expect(authority.origin, 'the host of the challenge is not believed').to.equal(
        'https://login.microsoftonline.com',
      );
      expect(urls).to.deep.equal([`${origin}/api/data/v9.2/`]);
    });
  }

  it('is `organizations` when the organization does not tell', async () => {
    expect((await find(undefined, () => respond({ status: 401, body: '' })).found).tenant).to.equal(
      'organizations',
    );
  });

  for (const tenant of ['contoso', 'consumers', '../evil', 'a b.com', 'contoso.com/x', '11111111-1111']) {
    it(`refuses ${JSON.stringify(tenant)} before it becomes part of an address`, async () => {
      const { found, urls } = find(tenant, nothing);
      await errorOf(found, 'CONNECTION_INVALID');
      expect(urls).to.deep.equal([]);
    });
  }

  it('is on loopback only for a local environment, and only where the operator says', async () => {
    const local = parseEnvironment('http://127.0.0.1:9', { allowLoopback: true });
    const options = { tenant: tenantId, send: async () => nothing(), clock: createManualClock() };
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
      const asked = {
        ...options,
        environment: local,
        ...(localAuthority === undefined ? {} : { localAuthority }),
      };
      await errorOf(findAuthority(asked), 'CONNECTION_INVALID');
    }
    const real = await findAuthority({ ...options, environment, localAuthority: 'http://127.0.0.1:8' });
    expect(real.origin).to.equal('https://login.microsoftonline.com');
  });
});
