import { expect } from 'chai';
import { type ConnectorDefinition, loadConnector } from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
import { clouds } from '../../../src/auth/clouds.ts';
import { parseEnvironment } from '../../../src/auth/environment.ts';
import { renderScopes } from '../../../src/auth/render-scopes.ts';

type Values = Readonly<Record<string, string>>;

describe('n8n credential', () => {
  let definition: ConnectorDefinition;
  let defaults: Values;
  let test: {
    readonly request: { readonly baseURL: string; readonly url: string };
    readonly rules?: readonly { readonly properties: { readonly value: number; readonly message: string } }[];
  };
  before(async () => {
    ({ definition } = runtimeOf(await loadConnector()));
    const { Dynamics365OAuth2Api } = await import('../credentials/Dynamics365OAuth2Api.credentials.ts');
    const credential = new Dynamics365OAuth2Api();
    defaults = Object.fromEntries(
      credential.properties.map(({ name, default: value }) => [name, String(value)]),
    );
    test = credential.test;
  });

  /** Evaluates the expression of a field, as n8n does. */
  const field = (name: string, entered: Values): string => {
    const [, expression] = /^=\{\{([\s\S]*)\}\}$/.exec(defaults[name]!)!;
    return new Function('$self', `return ${expression}`)({ ...defaults, ...entered });
  };
  const contoso = {
    environmentUrl: ' https://Contoso.crm4.dynamics.com/main.aspx?x=1 ',
    tenant: 'contoso.onmicrosoft.com',
  };

  it('requests the scopes of the manifest for its environment', () => {
    const environment = parseEnvironment('https://contoso.crm4.dynamics.com');
    const grants = { pkce: 'authorization_code', clientCredentials: 'client_credentials' } as const;
    for (const [grantType, grant] of Object.entries(grants)) {
      const scopes = renderScopes(definition.grants[grant]!.scopes, environment);
      expect(field('scope', { ...contoso, grantType })).to.equal(scopes.join(' '));
    }
  });

  it('signs in to the authority of each cloud', () => {
    const authorities = {
      commercial: 'commercial',
      gcc: 'gcc',
      gccHigh: 'gcc-high',
      dod: 'dod',
      china: 'china',
    } as const;
    for (const [cloud, name] of Object.entries(authorities)) {
      const tenant = `${clouds[name].authorityOrigin}/contoso.onmicrosoft.com/oauth2/v2.0`;
      expect(field('accessTokenUrl', { ...contoso, cloud })).to.equal(`${tenant}/token`);
      expect(field('authUrl', { ...contoso, cloud })).to.equal(`${tenant}/authorize`);
    }
    expect(field('authUrl', { ...contoso, tenant: '' })).to.include('/organizations/');
  });

  it('sends the secret to a custom authority only if it and the environment are on this machine', () => {
    const authorityUrl = 'http://127.0.0.1:5000/';
    const local = { environmentUrl: 'http://127.0.0.1:5001', authorityUrl, tenant: 't' };
    expect(field('accessTokenUrl', local)).to.equal('http://127.0.0.1:5000/t/oauth2/v2.0/token');
    const others = [
      { ...local, authorityUrl: 'https://attacker.example' },
      { ...local, authorityUrl: 'http://127.0.0.1.attacker.example' },
      { ...local, environmentUrl: 'https://contoso.crm.dynamics.com' },
    ];
    for (const values of others) {
      expect(field('accessTokenUrl', values)).to.match(/^https:\/\/login\.microsoftonline\.com\/t\//);
    }
  });

  it('is tested with WhoAmI in the API version of the manifest', () => {
    const [, expression] = /^=\{\{([\s\S]*)\}\}$/.exec(test.request.baseURL)!;
    const origin = new Function('$credentials', `return ${expression}`)(contoso);
    const [, path] = definition.api.baseUrl.parts;
    expect(origin + test.request.url).to.equal(`https://contoso.crm4.dynamics.com${String(path)}/WhoAmI`);
  });

  it('says what to do if the test fails with 401, 403 or 404', () => {
    const rules = test.rules?.map(({ properties }) => properties) ?? [];
    expect(rules.map(({ value }) => value)).to.deep.equal([401, 403, 404]);
    for (const { message } of rules) expect(message).to.match(/\. .+\.$/);
  });
});
