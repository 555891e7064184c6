import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('UpsertMultiple', () => {
  let fixture: WebApiFixture;

  beforeEach(() => {
    fixture = createWebApiFixture();
    fixture.store.addKey('contact', 'contact_email', ['emailaddress1']);
    fixture.create('contacts', { lastname: 'Abel', emailaddress1: 'abel@example.com' });
  });
  afterEach(() => fixture.store.close());

  const target = (row: object) => ({ '@odata.type': 'Microsoft.Dynamics.CRM.contact', ...row });
  const upsert = (...rows: object[]) =>
    fixture.send('POST', 'contacts/Microsoft.Dynamics.CRM.UpsertMultiple', { Targets: rows.map(target) });
  const byEmail = (email: string) => ({ '@odata.id': `contacts(emailaddress1='${email}')` });
  const stored = () =>
    fixture
      .get('contacts?$select=lastname,emailaddress1&$orderby=lastname')
      .json.value.map((row: Record<string, string>) => [row.lastname, row.emailaddress1]);

  it('accepts the alternate key in @odata.id, and copies its values to a new row', () => {
    const { status, text } = upsert(
      { ...byEmail('abel@example.com'), lastname: 'Abel-Smith' },
      { ...byEmail("o''neil+a@example.com"), lastname: 'Neil' },
    );
    expect([status, text]).to.deep.equal([204, '']);
    expect(stored()).to.deep.equal([
      ['Abel-Smith', 'abel@example.com'],
      ['Neil', "o'neil+a@example.com"],
    ]);
  });

  it('does not percent-decode the key in @odata.id', () => {
    expect(upsert({ ...byEmail('50%@example.com'), lastname: 'Percent' }).status).to.equal(204);
    expect(upsert({ ...byEmail('a%40b.example'), lastname: 'Zed' }).status).to.equal(204);
    expect(stored().slice(1)).to.deep.equal([
      ['Percent', '50%@example.com'],
      ['Zed', 'a%40b.example'],
    ]);
  });

  it('refuses a new row whose key is in @odata.id and in the body, and writes none of the rows', () => {
    const { status, json } = upsert(
      { ...byEmail('bell@example.com'), lastname: 'Bell' },
      { ...byEmail('cole@example.com'), emailaddress1: 'cole@example.com', lastname: 'Cole' },
    );
    expect([status, json.error]).to.deep.equal([
      400,
      { code: '0x80040216', message: 'An unexpected error occurred.' },
    ]);
    expect(stored()).to.have.length(1);
  });

  it('accepts the key in both for a row that exists', () => {
    const row = { ...byEmail('abel@example.com'), emailaddress1: 'abel@example.com', lastname: 'A' };
    expect(upsert(row).status).to.equal(204);
    expect(stored()).to.deep.equal([['A', 'abel@example.com']]);
  });

  it('refuses an alternate key that is only in the body', () => {
    expect(upsert({ emailaddress1: 'abel@example.com', lastname: 'A' }).status).to.equal(400);
    expect(stored()).to.deep.equal([['Abel', 'abel@example.com']]);
  });

  it('accepts the primary key in the body', () => {
    const contactid = '0000000a-0000-4000-8000-000000000001';
    expect(upsert({ contactid, lastname: 'Bell' }).status).to.equal(204);
    expect(upsert({ contactid, lastname: 'Bellamy' }).status).to.equal(204);
    expect(stored().map(([name]: string[]) => name)).to.deep.equal(['Abel', 'Bellamy']);
  });

  it('refuses an @odata.id of another table or without a key', () => {
    for (const id of ["accounts(accountnumber='1')", 'contacts', "contacts(nope='1')", 'contacts(']) {
      expect(upsert({ '@odata.id': id, lastname: 'A' }).status, id).to.equal(400);
    }
  });
});
