import { expect } from 'chai';
import { parseEnvironment } from '../../src/auth/environment.ts';
import { isAudienceFor, renderScopes } from '../../src/auth/render-scopes.ts';
import type { Template } from '../../src/model/template.ts';
import { errorOf } from './support/expect-error.ts';

const hole = (...path: string[]): Template => ({
  parts: [{ path, type: { kind: 'string' }, position: 'text' }, '/user_impersonation'],
});

describe('scopes', () => {
  const environment = parseEnvironment('https://Contoso.crm4.dynamics.com/main.aspx');

  it('are made from the environment’s origin', () => {
    expect(renderScopes([{ parts: ['openid'] }, hole('connection', 'orgUrl')], environment)).to.deep.equal([
      'openid',
      'https://contoso.crm4.dynamics.com/user_impersonation',
    ]);
  });

  it('take no other hole', async () => {
    await errorOf(() => renderScopes([hole('input', 'x')], environment), 'MANIFEST_INVALID');
  });

  it('know the audience of a token for the environment from one for another', () => {
    for (const audience of [
      'https://contoso.crm4.dynamics.com',
      'https://contoso.crm4.dynamics.com/',
      'https://CONTOSO.api.crm4.dynamics.com/',
    ]) {
      expect(isAudienceFor(audience, environment), audience).to.equal(true);
    }
    for (const audience of [
      'https://contoso.crm.dynamics.com',
      'https://fabrikam.crm4.dynamics.com',
      'https://graph.microsoft.com',
      '00000003-0000-0000-c000-000000000000',
      '',
    ]) {
      expect(isAudienceFor(audience, environment), audience).to.equal(false);
    }
  });
});
