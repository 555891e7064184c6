import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';
import { columnDefinition, tableDefinition } from './schema-definitions.ts';

describe('Web API: custom activity tables', () => {
  let fixture: WebApiFixture;
  let account: string;
  let contact: string;
  beforeEach(() => {
    fixture = createWebApiFixture();
    account = fixture.create('accounts', { name: 'Contoso' });
    contact = fixture.create('contacts', { lastname: 'Berg' });
    const subject = { IsPrimaryName: true, MaxLength: 100 };
    const body = tableDefinition('new_Visit', {
      IsActivity: true,
      HasNotes: true,
      Attributes: [
        columnDefinition('String', 'Subject', subject),
        columnDefinition('Integer', 'new_Kilometers'),
      ],
    });
    expect(fixture.send('POST', 'EntityDefinitions', body).status).to.equal(204);
  });
  afterEach(() => fixture.store.close());

  const create = (rest: object = {}) =>
    fixture.create('new_visits', {
      subject: 'Inspection',
      new_kilometers: 12,
      'regardingobjectid_account_new_visit@odata.bind': `/accounts(${account})`,
      new_visit_activity_parties: [
        { 'partyid_systemuser@odata.bind': `/systemusers(${fixture.userId})`, participationtypemask: 7 },
        { 'partyid_contact@odata.bind': `/contacts(${contact})`, participationtypemask: 5 },
      ],
      ...rest,
    });

  it('are activities with a subject, the columns of every activity and lists of parties', () => {
    const { json } = fixture.get("EntityDefinitions(LogicalName='new_visit')?$expand=Attributes");
    expect(json).to.include({ IsActivity: true, PrimaryIdAttribute: 'activityid', HasNotes: true });
    expect(json.PrimaryNameAttribute).to.equal('subject');
    const types = new Map(
      json.Attributes.map((each: { LogicalName: string; AttributeType: string }) => [
        each.LogicalName,
        each.AttributeType,
      ]),
    );
    expect(types.get('scheduledstart')).to.equal('DateTime');
    expect(types.get('requiredattendees')).to.equal('PartyList');
    expect(types.get('new_kilometers')).to.equal('Integer');
  });

  it('rows have parties, a regarding row, and are activities of their table', () => {
    const id = create();
    const { json } = fixture.get(`new_visits(${id})?$expand=new_visit_activity_parties`);
    expect(json).to.include({
      activityid: id,
      activitytypecode: 'new_visit',
      new_kilometers: 12,
      statecode: 0,
      _regardingobjectid_value: account,
    });
    expect(json.new_visit_activity_parties).to.have.length(2);
    const pointers = fixture.get('activitypointers?$select=subject,activitytypecode').json.value;
    expect(pointers).to.have.length(1);
    expect(pointers[0]).to.include({ subject: 'Inspection', activitytypecode: 'new_visit' });
    const collection = fixture.get(`accounts(${account})/account_new_visits?$select=subject`).json.value;
    expect(collection).to.have.length(1);
  });

  it('an update replaces the parties, and a deletion deletes them', () => {
    const id = create();
    const parties = [{ 'partyid_contact@odata.bind': `/contacts(${contact})`, participationtypemask: 6 }];
    fixture.send('PATCH', `new_visits(${id})`, { new_visit_activity_parties: parties });
    const masks = () =>
      fixture
        .get(`activityparties?$filter=_activityid_value eq ${id}&$select=participationtypemask`)
        .json.value.map((row: { participationtypemask: number }) => row.participationtypemask);
    expect(masks()).to.deep.equal([6]);
    fixture.send('DELETE', `new_visits(${id})`);
    expect(masks()).to.deep.equal([]);
  });

  it('can be deleted; other activities stay', () => {
    create();
    fixture.create('tasks', { subject: 'Call' });
    const deleted = fixture.send('DELETE', "EntityDefinitions(LogicalName='new_visit')");
    expect(deleted.status).to.equal(204);
    const { value } = fixture.get('activitypointers?$select=subject').json;
    expect(value.map((row: { subject: string }) => row.subject)).to.deep.equal(['Call']);
    expect(fixture.get('activityparties').json.value).to.deep.equal([]);
  });

  it('need owners and the subject as primary column', () => {
    for (const rest of [
      { OwnershipType: 'OrganizationOwned' },
      { Attributes: [columnDefinition('String', 'new_Name', { IsPrimaryName: true })] },
    ]) {
      const body = tableDefinition('new_Trip', { IsActivity: true, ...rest });
      expect(fixture.send('POST', 'EntityDefinitions', body).status).to.equal(400);
    }
  });
});
