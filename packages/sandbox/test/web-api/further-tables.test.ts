import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

/** Entity sets with the columns that a new row needs to be recognized. */
const sets: Readonly<Record<string, object>> = {
  routingrules: { name: 'Default' },
  convertrules: { name: 'E-mail to case' },
  bookableresources: { name: 'Ada', resourcetype: 3 },
  bookableresourcebookings: {
    name: 'Visit',
    starttime: '2024-05-02T08:00:00Z',
    endtime: '2024-05-02T09:00:00Z',
  },
  bookableresourcecategories: { name: 'Technician' },
  bookingstatuses: { name: 'Committed', status: 2 },
  characteristics: { name: 'Welding' },
  equipments: { name: 'Crane' },
  services: { name: 'Repair' },
  sites: { name: 'Porto' },
  msdyn_ocliveworkitems: { subject: 'Chat' },
  msdyn_ocsessions: { subject: 'Session' },
  msdyn_transcripts: { msdyn_name: 'Chat' },
  mailboxes: { name: 'Support', emailaddress: 'support@contoso.example' },
  emailserverprofiles: { name: 'Exchange' },
  systemforms: { name: 'Case', objecttypecode: 'incident', type: 2 },
  appmodules: { name: 'Customer Service Hub' },
  webresources: { name: 'new_logo' },
  processstages: { stagename: 'Identify' },
  savedqueryvisualizations: { name: 'Cases by origin' },
  reports: { name: 'Cases' },
  documenttemplates: { name: 'Letter' },
  sharepointsites: { name: 'Default' },
  sharepointdocumentlocations: { name: 'Documents' },
  positions: { name: 'Manager' },
  environmentvariablevalues: { value: '1' },
  teamtemplates: { teamtemplatename: 'Case team' },
  callbackregistrations: { name: 'Flow', entityname: 'incident', message: 1, scope: 4, version: 3 },
  deleteditemreferences: { name: 'Cases' },
  postcomments: { text: 'Done' },
  postfollows: {},
  salesliteratures: { name: 'Brochure' },
  metrics: { name: 'Cases' },
  goalrollupqueries: { name: 'Open' },
  rollupfields: {},
  routingruleitems: { name: 'First' },
  convertruleitems: { name: 'First' },
  bookableresourcecharacteristics: {},
};

describe('Web API: further tables of service and the platform', () => {
  let fixture: WebApiFixture;
  before(() => {
    fixture = createWebApiFixture();
  });
  after(() => fixture.store.close());

  it('rows are created, listed and read by their key', () => {
    for (const [set, values] of Object.entries(sets)) {
      const id = fixture.create(set, values);
      const listed = fixture.get(`${set}?$count=true`);
      expect(listed.json['@odata.count'], set).to.equal(1);
      expect(fixture.get(`${set}(${id})`).json, set).to.deep.include({ ...values });
    }
  });

  it('a form is read by its formid, and a booking with its resource', () => {
    const form = fixture.create('systemforms', { name: 'Main', objecttypecode: 'incident', type: 2 });
    expect(fixture.get(`systemforms?$select=name&$filter=formid eq ${form}`).json.value).to.have.length(1);
    const resource = fixture.create('bookableresources', { name: 'Crane', resourcetype: 4 });
    const booking = fixture.create('bookableresourcebookings', {
      name: 'Crane',
      'Resource@odata.bind': `/bookableresources(${resource})`,
    });
    const { json } = fixture.get(`bookableresourcebookings(${booking})?$expand=Resource($select=name)`);
    expect(json.Resource.name).to.equal('Crane');
  });

  it('a conversation is an activity with its own states', () => {
    const id = fixture.create('msdyn_ocliveworkitems', { subject: 'Chat' });
    const status = fixture.send('PATCH', `msdyn_ocliveworkitems(${id})`, {
      statecode: 1,
      statuscode: 4,
    }).status;
    expect(status).to.equal(204);
    const { json } = fixture.get(`activitypointers(${id})?$select=activitytypecode,statecode`);
    expect(json).to.include({ activitytypecode: 'msdyn_ocliveworkitem', statecode: 1 });
  });

  it('a callback registration is refused when its filter does not fit its table', () => {
    const register = (filterexpression: string, entityname = 'incident') =>
      fixture.send('POST', 'callbackregistrations', {
        ...{ name: 'Flow', message: 3, scope: 4, version: 3, url: 'https://flow.example/hook' },
        ...{ entityname, filterexpression },
      });
    expect(register("title eq 'A' and prioritycode eq 1").status).to.equal(204);
    for (const [filter, table, reason] of [
      [
        "subject eq 'A'",
        'incident',
        "Could not find a property named 'subject' on type 'CallbackRegistration.incident'.",
      ],
      [
        "name eq 'A'",
        'new_parcel',
        "Could not find a property named 'name' on type 'CallbackRegistration.new_parcel'.",
      ],
      ['title eq', 'incident', ''],
    ] as const) {
      const { status, json } = register(filter, table);
      expect(status, filter).to.equal(400);
      expect(json.error.code).to.equal('0x80040203');
      expect(json.error.message).to.include(
        `Exception parsing ${filter} submitted for attribute filterexpression`,
      );
      expect(json.error.message).to.include(reason);
    }
    const [row] = fixture
      .get('callbackregistrations?$select=entityname,filterexpression')
      .json.value.slice(-1);
    expect(row).not.to.have.property('url');
    const path = `callbackregistrations(${row.callbackregistrationid})`;
    expect(fixture.send('PATCH', path, { entityname: 'account' }).status).to.equal(400);
  });

  it('passwords of mailboxes are written and never read', () => {
    const id = fixture.create('mailboxes', { name: 'Support', password: 'secret' });
    expect(fixture.get(`mailboxes(${id})`).text).not.to.include('secret');
    expect(fixture.get(`mailboxes(${id})?$select=password`).status).to.equal(400);
  });
});
