import { expect } from 'chai';
import fc from 'fast-check';
import { parseChallenge } from '../../src/auth/parse-challenge.ts';
import { tenantId } from './support/scripted-authority.ts';

describe('the challenge of a 401', () => {
  const resource = 'https://contoso.crm.dynamics.com/';
  for (const header of [
    `Bearer authorization_uri=https://login.microsoftonline.com/${tenantId}/oauth2/authorize, resource_id=${resource}`,
    `Bearer authorization_uri="https://login.microsoftonline.com/${tenantId}/oauth2/authorize",resource_id="${resource}"`,
    `Negotiate, bearer Authorization_Uri=https://login.windows.net/${tenantId.toUpperCase()}/oauth2/authorize,resource_id=${resource}`,
    `Bearer resource_id=${resource}, authorization_uri=https://login.microsoftonline.com/${tenantId}`,
  ]) {
    it(`names tenant and audience: ${header.slice(0, 60)}...`, () => {
      expect(parseChallenge(header)).to.deep.equal({ tenant: tenantId, resource });
    });
  }

  it('names no tenant where it says common', () => {
    const header = `Bearer authorization_uri=https://login.microsoftonline.com/common/oauth2/authorize, resource_id=${resource}`;
    expect(parseChallenge(header)).to.deep.equal({ resource });
  });

  it('is empty where there is none, or another kind', () => {
    expect(parseChallenge(undefined)).to.deep.equal({});
    expect(parseChallenge(`Basic realm="x", resource_id=${resource}`)).to.deep.equal({});
  });

  it('never yields a tenant that is not an id', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const { tenant } = parseChallenge(`Bearer authorization_uri=${a}, resource_id=${b}`);
        expect(tenant === undefined || /^[0-9a-f-]{36}$/.test(tenant)).to.equal(true);
      }),
    );
  });
});
