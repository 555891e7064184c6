import { expect } from 'chai';
import { parseEnvironment } from '../../src/auth/environment.ts';
import { isAudienceFor, renderScopes } from '../../src/auth/render-scopes.ts';
import type { Template } from '../../src/model/template.ts';
import { errorOf } from './support/expect-error.ts';

const placeholder = (...path: string[]): Template => ({
  parts: [{ path, type: { kind: 'string' }, position: 'text' }, '/user_impersonation'],
});

describe('renderScopes and isAudienceFor', () => {
  const environment = parseEnvironment('https://Contoso.crm4.dynamics.com/main.aspx');

  it('renders the environment’s origin', () => {
    expect(
      renderScopes([{ parts: ['openid'] }, placeholder('connection', 'orgUrl')], environment),
    ).to.deep.equal(['openid', 'https://contoso.crm4.dynamics.com/user_impersonation']);
  });

  it('rejects any other placeholder', async () => {
    await errorOf(() => renderScopes([placeholder('input', 'x')], environment), 'MANIFEST_INVALID');
  });

  it('accepts only the audience of the environment', () => {
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
