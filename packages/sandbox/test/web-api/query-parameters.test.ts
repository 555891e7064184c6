import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: query parameters', () => {
  let fixture: WebApiFixture;
  let account: string;

  beforeEach(() => {
    fixture = createWebApiFixture();
    account = fixture.create('accounts', { name: 'Contoso' });
  });
  afterEach(() => fixture.store.close());

  const refusal = (name: string) => ({
    status: 400,
    error: { code: '0x80060888', message: `The query parameter ${name} is not supported` },
  });
  const answer = (method: string, path: string, body?: object) => {
    const { status, json } = fixture.send(method, path, body);
    return { status, error: json?.error };
  };

  it('refuses an unknown parameter on every kind of URL', () => {
    const paths = [
      'accounts?foo=bar',
      'accounts?$select=name&foo=bar',
      'accounts?foo',
      `accounts(${account})?foo=bar`,
      `accounts(${account})/name?foo=bar`,
      `accounts(${account})/name/$value?foo=bar`,
      `accounts(${account})/primarycontactid?foo=bar`,
      `accounts(${account})/contact_customer_accounts?foo=bar`,
      `accounts(${account})/contact_customer_accounts/$ref?foo=bar`,
      'accounts/$count?foo=bar',
      'WhoAmI?foo=bar',
      'EntityDefinitions?foo=bar',
      "EntityDefinitions(LogicalName='account')/Attributes?foo=bar",
      'GlobalOptionSetDefinitions?foo=bar',
      '$metadata?foo=bar',
      '?foo=bar',
    ];
    for (const path of paths) expect(answer('GET', path), path).to.deep.equal(refusal('foo'));
  });

  it('refuses an unknown parameter of a write, an action and a batch', () => {
    const name = { name: 'Litware' };
    expect(answer('POST', 'accounts?foo=bar', name)).to.deep.equal(refusal('foo'));
    expect(answer('PATCH', `accounts(${account})?foo=bar`, name)).to.deep.equal(refusal('foo'));
    expect(answer('DELETE', `accounts(${account})?foo=bar`)).to.deep.equal(refusal('foo'));
    expect(answer('POST', 'CloseIncident?foo=bar', {})).to.deep.equal(refusal('foo'));
    expect(answer('POST', '$batch?foo=bar', {})).to.deep.equal(refusal('foo'));
    expect(fixture.get('accounts?$select=name').json.value).to.have.length(1);
    expect(fixture.get(`accounts(${account})?$select=name`).json.name).to.equal('Contoso');
  });

  it('accepts a parameter only where it has a meaning', () => {
    const fetch = encodeURIComponent(
      '<fetch><entity name="account"><attribute name="name"/></entity></fetch>',
    );
    expect(fixture.get(`accounts?fetchXml=${fetch}`).status).to.equal(200);
    expect(answer('GET', `accounts(${account})?fetchXml=${fetch}`)).to.deep.equal(refusal('fetchXml'));
    expect(answer('GET', `accounts?fetchxml=${fetch}`)).to.deep.equal(refusal('fetchxml'));
    expect(fixture.get('$metadata?annotations=true').status).to.equal(200);
    expect(answer('GET', 'accounts?annotations=true')).to.deep.equal(refusal('annotations'));
    expect(fixture.get('EntityDefinitions?LabelLanguages=1033&$select=LogicalName').status).to.equal(200);
    expect(fixture.send('POST', 'accounts?tag=import', { name: 'Litware' }).status).to.equal(204);
  });

  it('does not return live rows for a fetch of another data source', () => {
    const rows = (xml: string) => fixture.get(`accounts?fetchXml=${encodeURIComponent(xml)}`).json.value;
    const entity = '<entity name="account"><attribute name="name"/></entity>';
    expect(rows(`<fetch>${entity}</fetch>`)).to.have.length(1);
    for (const source of ['bin', 'retained', 'archive']) {
      expect(rows(`<fetch datasource="${source}">${entity}</fetch>`), source).to.deep.equal([]);
    }
    const count = '<attribute name="accountid" aggregate="count" alias="n"/>';
    const aggregate = `<fetch datasource="bin" aggregate="true"><entity name="account">${count}</entity></fetch>`;
    expect(rows(aggregate)).to.deep.equal([{ n: 0 }]);
  });
});
