import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: definitions of columns that rows do not store', () => {
  let fixture: WebApiFixture;
  before(() => {
    fixture = createWebApiFixture();
  });
  after(() => fixture.store.close());

  const column = (table: string, name: string) =>
    fixture.get(`EntityDefinitions(LogicalName='${table}')/Attributes(LogicalName='${name}')`);

  it('a list of parties is a PartyList that rows have only as activity parties', () => {
    const { json } = column('email', 'to');
    expect(json).to.include({ AttributeType: 'PartyList', IsValidODataAttribute: false });
    expect(json.AttributeTypeName).to.deep.equal({ Value: 'PartyListType' });
    expect(json.Targets).to.include.members(['account', 'contact', 'queue', 'systemuser']);
    expect(fixture.get('emails?$select=to').status).to.equal(400);
  });

  it('a column that cannot be read has a definition and no property', () => {
    expect(column('account', 'isprivate').json).to.include({ IsValidForRead: false });
    expect(fixture.get('accounts?$select=isprivate').status).to.equal(400);
  });

  it('a rollup column has its source type and the columns of its time and state', () => {
    expect(column('account', 'opendeals').json).to.include({ SourceType: 2, IsValidForUpdate: false });
    expect(column('account', 'opendeals_date').json.AttributeType).to.equal('DateTime');
    expect(column('account', 'opendeals_state').json.AttributeType).to.equal('Integer');
    expect(column('incident', 'caseage').json.SourceType).to.equal(1);
  });

  it('a column of all activities that a table does not define is null in its rows', () => {
    expect(column('task', 'leftvoicemail').status).to.equal(404);
    const id = fixture.create('tasks', { subject: 'Call back' });
    expect(fixture.get(`tasks(${id})`).json).to.include({ leftvoicemail: null, isregularactivity: true });
  });

  it('a state shows the value of new rows', () => {
    const states = 'Microsoft.Dynamics.CRM.StateAttributeMetadata';
    const state = (table: string) =>
      fixture.get(`EntityDefinitions(LogicalName='${table}')/Attributes(LogicalName='statecode')/${states}`);
    expect(state('incident').json.DefaultFormValue).to.equal(0);
    expect(state('product').json.DefaultFormValue).to.equal(2);
  });

  it('accounts, contacts and leads are members of marketing lists', () => {
    const list = fixture.create('lists', { listname: 'Newsletter', createdfromcode: 2 });
    const contact = fixture.create('contacts', { lastname: 'Berg' });
    const link = { '@odata.id': `http://org.test/api/data/v9.2/contacts(${contact})` };
    expect(fixture.send('POST', `lists(${list})/listcontact_association/$ref`, link).status).to.equal(204);
    const { json } = fixture.get(`lists(${list})/listcontact_association?$select=lastname`);
    expect(json.value.map((row: { lastname: string }) => row.lastname)).to.deep.equal(['Berg']);
    expect(fixture.get(`lists(${list})/listaccount_association?$select=name`).json.value).to.deep.equal([]);
  });
});
