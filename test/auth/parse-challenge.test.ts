import { expect } from 'chai';
import fc from 'fast-check';
import { parseChallenge } from '../../src/auth/parse-challenge.ts';
import { tenantId } from './support/scripted-authority.ts';

describe('parseChallenge', () => {
  const resource = 'https://contoso.crm.dynamics.com/';
  for (const header of [
    `Bearer authorization_uri=https://login.microsoftonline.com/${tenantId}/oauth2/authorize, resource_id=${resource}`,
    `Bearer authorization_uri="https://login.microsoftonline.com/${tenantId}/oauth2/authorize",resource_id="${resource}"`,
    `Negotiate, bearer Authorization_Uri=https://login.windows.net/${tenantId.toUpperCase()}/oauth2/authorize,resource_id=${resource}`,
    `Bearer resource_id=${resource}, authorization_uri=https://login.microsoftonline.com/${tenantId}`,
  ]) {
    it(`returns tenant and resource of ${header.slice(0, 60)}...`, () => {
      expect(parseChallenge(header)).to.deep.equal({ tenant: tenantId, resource });
    });
  }

  it('returns no tenant for common', () => {
    const header = `Bearer authorization_uri=https://login.microsoftonline.com/common/oauth2/authorize, resource_id=${resource}`;
    expect(parseChallenge(header)).to.deep.equal({ tenant: undefined, resource });
  });

  it('returns nothing for a missing challenge or another scheme', () => {
    expect(parseChallenge(undefined)).to.deep.equal({});
    expect(parseChallenge(`Basic realm="x", resource_id=${resource}`)).to.deep.equal({});
  });

  it('never returns a tenant that is not a tenant id', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const { tenant } = parseChallenge(`Bearer authorization_uri=${a}, resource_id=${b}`);
        expect(tenant === undefined || /^[0-9a-f-]{36}$/.test(tenant)).to.equal(true);
      }),
    );
  });
});
