import { expect } from 'chai';
import { base, createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: double slashes', () => {
  let fixture: WebApiFixture;
  let contact: string;
  beforeEach(() => {
    fixture = createWebApiFixture();
    contact = fixture.create('contacts', { lastname: 'Lind' });
  });

  it('accepts double slashes between the segments of a request', () => {
    for (const path of [
      `//api/data/v9.2/contacts(${contact})`,
      `/api//data//v9.2//contacts(${contact})`,
      `http://org.test//api/data/v9.2//contacts(${contact})//`,
    ]) {
      const { status, json } = fixture.get(path);
      expect([status, json?.lastname], path).to.deep.equal([200, 'Lind']);
    }
    expect(fixture.get(`/api/data/v9.2//contacts(${contact})//lastname`).json.value).to.equal('Lind');
  });

  it('accepts double slashes in a bind, a reference and an "@odata.id"', () => {
    const references = [
      `//contacts(${contact})`,
      `//api/data/v9.2//contacts(${contact})`,
      `http://org.test//api/data/v9.2/contacts(${contact})`,
      `${base}//contacts(${contact})`,
    ];
    for (const reference of references) {
      const account = fixture.create('accounts', { name: 'A', 'primarycontactid@odata.bind': reference });
      const read = () => fixture.get(`accounts(${account})?$select=_primarycontactid_value`).json;
      expect(read()._primarycontactid_value, reference).to.equal(contact);
      fixture.send('DELETE', `accounts(${account})/primarycontactid/$ref`);
      const { status } = fixture.send('PUT', `accounts(${account})/primarycontactid/$ref`, {
        '@odata.id': reference,
      });
      expect([status, read()._primarycontactid_value], reference).to.deep.equal([204, contact]);
    }
  });

  it('keeps double slashes inside a key', () => {
    fixture.store.addKey('account', 'account_number', ['accountnumber']);
    fixture.create('accounts', { name: 'A', accountnumber: 'a//b' });
    const { status, json } = fixture.get("//api/data/v9.2//accounts(accountnumber='a%2F%2Fb')?$select=name");
    expect([status, json?.name]).to.deep.equal([200, 'A']);
  });
});
