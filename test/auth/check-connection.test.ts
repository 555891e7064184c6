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
  answer: WhoAmIResponse | ConnectorError,
  options: { token?: string; organizations?: readonly Organization[] | Error } = {},
) {
  const fixture = { asked: 0 };
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
      fixture.asked += 1;
      if (answer instanceof ConnectorError) throw answer;
      return answer;
    },
    ...(organizations === undefined
      ? {}
      : {
          async organizations() {
            if (organizations instanceof Error) throw organizations;
            return organizations;
          },
        }),
  });
  return { done, fixture };
}

function refused(status: number, serverCode = '', headers = {}): WhoAmIResponse {
  const error = new ConnectorError('ACCESS_DENIED', 'The server said no.', {
    status,
    serverCode,
    requestId: 'r-1',
  });
  return { status, headers, body: undefined, error };
}

describe('the check of a connection', () => {
  it('answers who we are', async () => {
    const body = { UserId: 'u', BusinessUnitId: 'b', OrganizationId: 'o' };
    const { done } = check({ status: 200, headers: {}, body });
    expect(await done).to.deep.equal({ userId: 'u', businessUnitId: 'b', organizationId: 'o' });
  });

  it('takes an opaque token on trust', async () => {
    const body = { UserId: 'u', BusinessUnitId: 'b', OrganizationId: 'o' };
    expect(await check({ status: 200, headers: {}, body }, { token: 'opaque' }).done).to.include({
      userId: 'u',
    });
  });

  it('knows another 200 from an answer of WhoAmI', async () => {
    const bodies: readonly (Json | undefined)[] = [undefined, null, {}, [], 'x', { UserId: 7 }];
    for (const body of bodies) {
      await errorOf(check({ status: 200, headers: {}, body }).done, 'RESPONSE_INVALID');
    }
  });

  it('does not show a token for one organization to another', async () => {
    const token = jwt({ ...userClaims, aud: 'https://fabrikam.crm.dynamics.com/' });
    const { done, fixture } = check(refused(401), { token });
    const error = await errorOf(done, 'ORG_MISMATCH');
    expect(error.message).to.equal(
      `The access token is for https://fabrikam.crm.dynamics.com/, not for ${origin}.`,
    );
    expect(error.advice).to.contain(`${origin}/.default`);
    expect(fixture.asked).to.equal(0);
  });

  it('sees that the organization belongs to another tenant', async () => {
    const headers = {
      'www-authenticate': `Bearer authorization_uri=https://login.microsoftonline.com/${otherTenant}/oauth2/authorize, resource_id=${origin}/`,
    };
    const error = await errorOf(check(refused(401, '', headers)).done, 'ORG_MISMATCH');
    expect(error.message).to.contain(
      `belongs to tenant ${otherTenant}; the sign-in was to tenant ${tenantId}`,
    );
    expect(error.advice).to.contain(otherTenant);
  });

  it('sees that the organization goes by another address', async () => {
    const headers = { 'www-authenticate': 'Bearer resource_id=https://renamed.crm4.dynamics.com/' };
    const error = await errorOf(check(refused(401, '', headers)).done, 'ORG_MISMATCH');
    expect(error.advice).to.contain('https://renamed.crm4.dynamics.com/');
  });

  it('asks for a new sign-in when a good-looking token is refused', async () => {
    await errorOf(check(refused(401)).done, 'RECONNECT_NEEDED');
  });

  it('says which user is not a member', async () => {
    const error = await errorOf(check(refused(403, '0x80072560')).done, 'USER_NOT_IN_ORG');
    expect(error.message).to.equal(
      'The user adele@contoso.example is not a member of contoso.crm4.dynamics.com.',
    );
    expect(error.details).to.include({ status: 403, serverCode: '0x80072560', requestId: 'r-1' });
  });

  it('says that the application user is missing, and where to create it', async () => {
    for (const claims of [appClaims, { aud: origin, appid: clientId }]) {
      const { done } = check(refused(403, '0x80072560'), { token: jwt(claims) });
      const error = await errorOf(done, 'USER_NOT_IN_ORG');
      expect(error.message).to.equal(
        `The app ${clientId} has no application user in contoso.crm4.dynamics.com.`,
      );
      expect(error.advice).to.contain('Application users > New app user');
    }
  });

  it('says that a member has no role', async () => {
    const error = await errorOf(check(refused(403, '0x80042F09')).done, 'ACCESS_DENIED');
    expect(error.message).to.contain('no security role');
  });

  it('leaves other refusals as they are explained already', async () => {
    const answer = refused(403, '0x80040220');
    expect(await errorOf(check(answer).done, 'ACCESS_DENIED')).to.equal(answer.error);
    await errorOf(check({ status: 503, headers: {}, body: undefined }).done, 'UNAVAILABLE');
  });

  it('suggests the organization that was meant when nothing, or something else, answers', async () => {
    const meant = { url: 'https://contoso.crm11.dynamics.com' } as Organization;
    for (const answer of [new ConnectorError('NETWORK', 'No such host.'), refused(404), refused(302)]) {
      const error = await errorOf(check(answer, { organizations: [meant] }).done, 'ORG_MISMATCH');
      expect(error.advice).to.equal('Did you mean https://contoso.crm11.dynamics.com?');
      expect(error.details.suggestions).to.deep.equal(['https://contoso.crm11.dynamics.com']);
    }
  });

  it('suggests nothing when the address is right, or nobody can say', async () => {
    const network = () => new ConnectorError('NETWORK', 'No such host.');
    await errorOf(check(network(), { organizations: [organization] }).done, 'NETWORK');
    await errorOf(check(network(), { organizations: new Error('canary') }).done, 'NETWORK');
    await errorOf(check(network()).done, 'NETWORK');
    await errorOf(check(refused(404)).done, 'ORG_MISMATCH');
  });
});
