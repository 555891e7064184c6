import { expect } from 'chai';
import { checkConnection } from '../../src/auth/check-connection.ts';
import type { Organization } from '../../src/auth/organization-discovery.ts';
import type { WhoAmIResponse } from '../../src/auth/who-am-i.ts';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import type { Json } from '../../src/model/json.ts';
import { Secret } from '../../src/model/secret.ts';
import { errorOf } from './support/expect-error.ts';
import { environment } from './support/fixture.ts';
import { clientId, jwt, origin, otherTenant, tenantId } from './support/scripted-authority.ts';

const userClaims = { aud: origin, tid: tenantId, scp: 'user_impersonation', upn: 'adele@contoso.example' };
const appClaims = { aud: origin, tid: tenantId, appid: clientId, idtyp: 'app' };
const organization = { url: origin } as Organization;

function check(
  response: WhoAmIResponse | ConnectorError,
  options: { token?: string; organizations?: readonly Organization[] | Error } = {},
) {
  const fixture = { requests: 0 };
  const { organizations } = options;
  const done = checkConnection({
    environment,
    tokens: {
      getToken: async () => ({
        token: new Secret(options.token ?? jwt(userClaims)),
        expiresAt: Number.MAX_VALUE,
      }),
    },
    async whoAmI() {
      fixture.requests += 1;
      if (response instanceof ConnectorError) throw response;
      return response;
    },
    organizations:
      organizations &&
      (async () => {
        if (organizations instanceof Error) throw organizations;
        return organizations;
      }),
  });
  return { done, fixture };
}

function rejection(status: number, serverCode = '', headers = {}): WhoAmIResponse {
  const error = new ConnectorError('ACCESS_DENIED', 'The server said no.', {
    status,
    serverCode,
    requestId: 'r-1',
  });
  return { status, headers, body: undefined, error };
}

describe('checkConnection', () => {
  it('returns the ids of WhoAmI', async () => {
    const body = { UserId: 'u', BusinessUnitId: 'b', OrganizationId: 'o' };
    const { done } = check({ status: 200, headers: {}, body });
    expect(await done).to.deep.equal({ userId: 'u', businessUnitId: 'b', organizationId: 'o' });
  });

  it('accepts an opaque token', async () => {
    const body = { UserId: 'u', BusinessUnitId: 'b', OrganizationId: 'o' };
    expect(await check({ status: 200, headers: {}, body }, { token: 'opaque' }).done).to.include({
      userId: 'u',
    });
  });

  it('throws RESPONSE_INVALID for a 200 that is not a WhoAmI response', async () => {
    const bodies: readonly (Json | undefined)[] = [undefined, null, {}, [], 'x', { UserId: 7 }];
    for (const body of bodies) {
      await errorOf(check({ status: 200, headers: {}, body }).done, 'RESPONSE_INVALID');
    }
  });

  it('does not send a token for one organization to another', async () => {
    const token = jwt({ ...userClaims, aud: 'https://fabrikam.crm.dynamics.com/' });
    const { done, fixture } = check(rejection(401), { token });
    const error = await errorOf(done, 'ORG_MISMATCH');
    expect(error.message).to.equal(
      `The access token is for https://fabrikam.crm.dynamics.com/, not for ${origin}.`,
    );
    expect(error.advice).to.contain(`${origin}/.default`);
    expect(fixture.requests).to.equal(0);
  });

  it('throws ORG_MISMATCH when the organization belongs to another tenant', async () => {
    const headers = {
      'www-authenticate': `Bearer authorization_uri=https://login.microsoftonline.com/${otherTenant}/oauth2/authorize, resource_id=${origin}/`,
    };
    const error = await errorOf(check(rejection(401, '', headers)).done, 'ORG_MISMATCH');
    expect(error.message).to.contain(
      `belongs to tenant ${otherTenant}; the sign-in was to tenant ${tenantId}`,
    );
    expect(error.advice).to.contain(otherTenant);
  });

  it('throws ORG_MISMATCH when the organization has another URL', async () => {
    const headers = { 'www-authenticate': 'Bearer resource_id=https://renamed.crm4.dynamics.com/' };
    const error = await errorOf(check(rejection(401, '', headers)).done, 'ORG_MISMATCH');
    expect(error.advice).to.contain('https://renamed.crm4.dynamics.com/');
  });

  it('throws RECONNECT_NEEDED when a token with the right claims is rejected', async () => {
    await errorOf(check(rejection(401)).done, 'RECONNECT_NEEDED');
  });

  it('names the user that is not a member of the organization', async () => {
    const error = await errorOf(check(rejection(403, '0x80072560')).done, 'USER_NOT_IN_ORG');
    expect(error.message).to.equal(
      'The user adele@contoso.example is not a member of contoso.crm4.dynamics.com.',
    );
    expect(error.details).to.include({ status: 403, serverCode: '0x80072560', requestId: 'r-1' });
  });

  it('advises to create the missing application user', async () => {
    for (const claims of [appClaims, { aud: origin, appid: clientId }]) {
      const { done } = check(rejection(403, '0x80072560'), { token: jwt(claims) });
      const error = await errorOf(done, 'USER_NOT_IN_ORG');
      expect(error.message).to.equal(
        `The app ${clientId} has no application user in contoso.crm4.dynamics.com.`,
      );
      expect(error.advice).to.contain('Application users > New app user');
    }
  });

  it('throws ACCESS_DENIED when the user has no security role', async () => {
    const error = await errorOf(check(rejection(403, '0x80042F09')).done, 'ACCESS_DENIED');
    expect(error.message).to.contain('no security role');
  });

  it('throws the error of any other response unchanged', async () => {
    const response = rejection(403, '0x80040220');
    expect(await errorOf(check(response).done, 'ACCESS_DENIED')).to.equal(response.error);
    await errorOf(check({ status: 503, headers: {}, body: undefined }).done, 'UNAVAILABLE');
  });

  it('suggests an organization with a similar URL when the host is not an organization', async () => {
    const similar = { url: 'https://contoso.crm11.dynamics.com' } as Organization;
    for (const response of [new ConnectorError('NETWORK', 'No such host.'), rejection(404), rejection(302)]) {
      const error = await errorOf(check(response, { organizations: [similar] }).done, 'ORG_MISMATCH');
      expect(error.advice).to.equal('Did you mean https://contoso.crm11.dynamics.com?');
      expect(error.details.suggestions).to.deep.equal(['https://contoso.crm11.dynamics.com']);
    }
  });

  it('suggests nothing when the URL is right or the organizations cannot be listed', async () => {
    const network = () => new ConnectorError('NETWORK', 'No such host.');
    await errorOf(check(network(), { organizations: [organization] }).done, 'NETWORK');
    await errorOf(check(network(), { organizations: new Error('canary') }).done, 'NETWORK');
    await errorOf(check(network()).done, 'NETWORK');
    await errorOf(check(rejection(404)).done, 'ORG_MISMATCH');
  });
});
