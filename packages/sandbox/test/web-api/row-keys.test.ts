import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: keys of rows', () => {
  let fixture: WebApiFixture;
  let account: string;
  let contact: string;

  beforeEach(() => {
    fixture = createWebApiFixture();
    account = fixture.create('accounts', { name: 'Contoso' });
    contact = fixture.create('contacts', { lastname: 'Abel' });
  });
  afterEach(() => fixture.store.close());

  const errorOf = ({ status, json }: ReturnType<WebApiFixture['get']>) => [
    status,
    json?.error.code,
    json?.error.message,
  ];
  const syntaxError = [400, '0x80060888', 'Bad Request - Error in query syntax.'];

  it('refuses a GUID in braces in a path', () => {
    for (const key of [`{${account}}`, `accountid={${account}}`, `'${account}'`]) {
      expect(errorOf(fixture.get(`accounts(${key})`)), key).to.deep.equal(syntaxError);
      const patched = fixture.send('PATCH', `accounts(${key})`, { name: 'Litware' });
      expect(errorOf(patched), key).to.deep.equal(syntaxError);
      expect(errorOf(fixture.send('DELETE', `accounts(${key})`)), key).to.deep.equal(syntaxError);
    }
    expect(errorOf(fixture.get(`accounts%28%7B${account}%7D%29`))).to.deep.equal(syntaxError);
    expect(fixture.get(`accounts(${account})?$select=name`).json.name).to.equal('Contoso');
  });

  it('refuses a GUID in braces in a bind', () => {
    const body = { name: 'Litware', 'primarycontactid@odata.bind': `/contacts({${contact}})` };
    expect(errorOf(fixture.send('POST', 'accounts', body))).to.deep.equal(syntaxError);
    expect(fixture.get('accounts/$count').text).to.equal('1');
  });

  it('refuses a GUID in braces in @odata.id and $id', () => {
    const link = { '@odata.id': `contacts({${contact}})` };
    const path = `accounts(${account})/contact_customer_accounts/$ref`;
    expect(errorOf(fixture.send('POST', path, link))).to.deep.equal(syntaxError);
    expect(errorOf(fixture.send('DELETE', `${path}?$id=contacts({${contact}})`))).to.deep.equal(syntaxError);
    const merge = { Target: { '@odata.id': `accounts({${account}})` }, Subordinate: link };
    expect(errorOf(fixture.send('POST', 'Merge', { ...merge, PerformParentingChecks: false }))).to.deep.equal(
      syntaxError,
    );
  });
});
