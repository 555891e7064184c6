import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('duplicate detection', () => {
  let fixture: WebApiFixture;

  beforeEach(() => {
    fixture = createWebApiFixture();
  });
  afterEach(() => fixture.store.close());

  const detect = { 'MSCRM.SuppressDuplicateDetection': 'false' };
  const post = (set: string, body: object) => fixture.send('POST', set, body, detect);
  const publish = async (id: string) => {
    const { status, json } = fixture.send(
      'POST',
      `duplicaterules(${id})/Microsoft.Dynamics.CRM.PublishDuplicateRule`,
    );
    expect(status).to.equal(200);
    await fixture.runJobs();
    expect(fixture.get(`asyncoperations(${json.value})?$select=statuscode`).json.statuscode).to.equal(30);
  };
  const addRule = async (rule: object, ...conditions: readonly object[]) => {
    const id = fixture.create('duplicaterules', { name: 'Rule', ...rule });
    for (const condition of conditions)
      fixture.create('duplicateruleconditions', {
        'regardingobjectid@odata.bind': `/duplicaterules(${id})`,
        ...condition,
      });
    await publish(id);
    return id;
  };
  const retrieve = (entity: object, matching: string, paging: object = { PageNumber: 1, Count: 50 }) => {
    const text = (value: unknown) => encodeURIComponent(JSON.stringify(value));
    return fixture.get(
      `RetrieveDuplicates(BusinessEntity=@p1,MatchingEntityName=@p2,PagingInfo=@p3)?@p1=${text(entity)}&@p2='${matching}'&@p3=${text(paging)}`,
    );
  };

  it('a new organization has published rules about e-mail addresses, as rows', () => {
    const { json } = fixture.get('duplicaterules?$filter=statuscode eq 2&$select=baseentityname');
    const tables = json.value.map(({ baseentityname }: { baseentityname: string }) => baseentityname);
    expect(tables).to.have.members(['account', 'contact', 'lead']);
    fixture.create('contacts', { lastname: 'One', emailaddress1: 'a@contoso.test' });
    const refused = post('contacts', { lastname: 'Two', emailaddress1: 'A@contoso.test' });
    expect([refused.status, refused.json.error.code]).to.deep.equal([412, '0x80040333']);
    expect(post('contacts', { lastname: 'Without' }).status).to.equal(204);
    expect(post('contacts', { lastname: 'Without' }).status).to.equal(204);
  });

  it('an unpublished rule has no effect', () => {
    const [{ duplicateruleid }] = fixture.get("duplicaterules?$filter=baseentityname eq 'contact'").json
      .value;
    fixture.create('contacts', { lastname: 'One', emailaddress1: 'a@contoso.test' });
    const { status } = fixture.send('POST', 'UnpublishDuplicateRule', { DuplicateRuleId: duplicateruleid });
    expect(status).to.equal(204);
    expect(post('contacts', { lastname: 'Two', emailaddress1: 'a@contoso.test' }).status).to.equal(204);
  });

  const operators: Readonly<Record<string, readonly [object, object, object, object]>> = {
    'the same first characters': [
      { baseattributename: 'name', operatorcode: 1, operatorparam: 4 },
      { name: 'Contoso North' },
      { name: 'CONTinental' },
      { name: 'Con_' },
    ],
    'the same last characters': [
      { baseattributename: 'telephone1', operatorcode: 2, operatorparam: 3 },
      { telephone1: '0123' },
      { telephone1: '9123' },
      { telephone1: '9124' },
    ],
    'the same choice': [
      { baseattributename: 'industrycode', operatorcode: 6, ignoreblankvalues: true },
      { industrycode: 1 },
      { industrycode: 1 },
      { industrycode: 2 },
    ],
  };
  for (const [title, [condition, existing, duplicate, other]] of Object.entries(operators)) {
    it(`finds rows with ${title}`, async () => {
      await addRule({ baseentityname: 'account', matchingentityname: 'account' }, condition);
      fixture.create('accounts', { name: 'First', ...existing });
      expect(post('accounts', { name: 'Second', ...duplicate }).status).to.equal(412);
      expect(post('accounts', { name: 'Third', ...other }).status).to.equal(204);
    });
  }

  it('all conditions of a rule must hold, across tables', async () => {
    await addRule(
      { baseentityname: 'lead', matchingentityname: 'contact' },
      { baseattributename: 'firstname', matchingattributename: 'firstname' },
      { baseattributename: 'lastname', matchingattributename: 'lastname' },
    );
    fixture.create('contacts', { firstname: 'Rosa', lastname: 'Lind' });
    expect(post('leads', { subject: 'a', firstname: 'Rosa', lastname: 'Varga' }).status).to.equal(204);
    expect(post('leads', { subject: 'b', firstname: 'rosa', lastname: 'Lind' }).status).to.equal(412);
  });

  it('a rule can respect case and leave out inactive rows', async () => {
    await addRule(
      { baseentityname: 'account', iscasesensitive: true, excludeinactiverecords: true },
      { baseattributename: 'name' },
    );
    const id = fixture.create('accounts', { name: 'Contoso' });
    expect(post('accounts', { name: 'CONTOSO' }).status).to.equal(204);
    expect(post('accounts', { name: 'Contoso' }).status).to.equal(412);
    fixture.send('PATCH', `accounts(${id})`, { statecode: 1, statuscode: 2 });
    expect(post('accounts', { name: 'Contoso' }).status).to.equal(204);
  });

  it('an update is compared with other rows, and only if it changes a compared column', () => {
    fixture.create('contacts', { lastname: 'One', emailaddress1: 'a@contoso.test' });
    const id = fixture.create('contacts', { lastname: 'Two', emailaddress1: 'a@contoso.test' });
    const patch = (body: object) => fixture.send('PATCH', `contacts(${id})`, body, detect).status;
    expect(patch({ lastname: 'Three' })).to.equal(204);
    expect(patch({ emailaddress1: 'a@contoso.test' })).to.equal(412);
  });

  it('RetrieveDuplicates returns the rows of published rules in pages', () => {
    const email = { emailaddress1: 'a@contoso.test' };
    const ids = ['One', 'Two', 'Three'].map((lastname) => fixture.create('contacts', { lastname, ...email }));
    const type = '#Microsoft.Dynamics.CRM.contact';
    const stored = retrieve({ '@odata.type': type, contactid: ids[0] }, 'contact').json.value;
    expect(stored.map(({ contactid }: { contactid: string }) => contactid)).to.have.members(ids.slice(1));
    expect(stored[0]['@odata.type']).to.equal(type);
    const unsaved = (paging: object) =>
      retrieve({ '@odata.type': 'Microsoft.Dynamics.CRM.contact', ...email }, 'contact', paging).json.value;
    expect(unsaved({ PageNumber: 1, Count: 2 })).to.have.length(2);
    expect(unsaved({ PageNumber: 2, Count: 2 })).to.have.length(1);
    expect(retrieve({ '@odata.type': type, contactid: ids[0] }, 'account').json.value).to.deep.equal([]);
  });

  it('BulkDetectDuplicates reports duplicates in a job', async () => {
    const email = { emailaddress1: 'a@contoso.test' };
    const ids = ['One', 'Two'].map((lastname) => fixture.create('contacts', { lastname, ...email }));
    const body = {
      Query: { EntityName: 'contact' },
      ...{ JobName: 'Find duplicates', SendEmailNotification: false, ToRecipients: [], CCRecipients: [] },
      ...{ RecurrencePattern: '', RecurrenceStartTime: '2024-01-01T00:00:00Z' },
    };
    const { json } = fixture.send('POST', 'BulkDetectDuplicates', body);
    await fixture.runJobs();
    const found = fixture.get(`duplicaterecords?$filter=_asyncoperationid_value eq ${json.JobId}`).json.value;
    const bases = found.map((row: Record<string, string>) => row._baserecordid_value);
    expect(bases).to.have.members(ids);
    const none = fixture.send('POST', 'BulkDetectDuplicates', { ...body, Query: { EntityName: 'task' } });
    expect([none.status, none.json.error.code]).to.deep.equal([400, '0x80048436']);
  });

  const invalid: Readonly<Record<string, readonly [string, object]>> = {
    'a rule of an unknown table': ['duplicaterules', { name: 'Rule', baseentityname: 'unknown' }],
    'a rule that publishes itself': [
      'duplicaterules',
      { name: 'Rule', baseentityname: 'account', statuscode: 2 },
    ],
    'a condition without a rule': ['duplicateruleconditions', { baseattributename: 'name' }],
  };
  for (const [title, [set, body]] of Object.entries(invalid)) {
    it(`refuses ${title}`, () => {
      expect(fixture.send('POST', set, body).status).to.equal(400);
    });
  }
});
