import { expect } from 'chai';
import { setRoles } from '../../src/security/member-roles.ts';
import { base, createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: operations', () => {
  let fixture: WebApiFixture;
  let account: string;

  beforeEach(() => {
    fixture = createWebApiFixture();
    account = fixture.create('accounts', { name: 'Litware' });
  });
  afterEach(() => fixture.store.close());

  const type = (table: string) => `Microsoft.Dynamics.CRM.${table}`;
  const errorOf = (response: ReturnType<WebApiFixture['get']>) => [
    response.status,
    response.json?.error.code,
  ];
  const newCase = () =>
    fixture.create('incidents', {
      title: 'Broken',
      'customerid_account@odata.bind': `/accounts(${account})`,
    });
  const states = (path: string) => {
    const { statecode, statuscode } = fixture.get(`${path}?$select=statecode,statuscode`).json;
    return [statecode, statuscode];
  };

  describe('cases', () => {
    const close = (id: string, Status = 5) =>
      fixture.send('POST', 'CloseIncident', {
        IncidentResolution: { subject: 'Fixed', timespent: 30, 'incidentid@odata.bind': `/incidents(${id})` },
        Status,
      });

    it('CloseIncident resolves the case and inserts the resolution', () => {
      const id = newCase();
      expect(close(id).status).to.equal(204);
      expect(states(`incidents(${id})`)).to.deep.equal([1, 5]);
      const [resolution] = fixture.get(
        `incidents(${id})/Incident_IncidentResolutions?$select=subject,statecode`,
      ).json.value;
      expect(resolution).to.include({ subject: 'Fixed', statecode: 1 });
    });

    it('status -1 means the default, and a status of another state is rejected', () => {
      const [one, two] = [newCase(), newCase()];
      expect(close(one, -1).status).to.equal(204);
      expect(states(`incidents(${one})`)).to.deep.equal([1, 5]);
      expect(errorOf(close(two, 1))).to.deep.equal([400, '0x80048408']);
    });

    it('a case with open activities cannot be closed', () => {
      const id = newCase();
      const task = fixture.create('tasks', {
        subject: 'T',
        'regardingobjectid_incident_task@odata.bind': `/incidents(${id})`,
      });
      expect(errorOf(close(id))).to.deep.equal([400, '0x8004440a']);
      fixture.send('PATCH', `tasks(${task})`, { statecode: 1 });
      expect(close(id).status).to.equal(204);
    });

    it('an update cannot resolve a case', () => {
      const { json } = fixture.send('PATCH', `incidents(${newCase()})`, { statecode: 1, statuscode: 5 });
      expect(json.error.message).to.equal(
        'This message can not be used to set the state of incident to Resolved. In order to set state of incident to Resolved, use the CloseIncidentRequest message instead.',
      );
    });

    it('a closed case is read-only until it is active again', () => {
      const id = newCase();
      close(id);
      expect(errorOf(fixture.send('PATCH', `incidents(${id})`, { title: 'x' }))).to.deep.equal([
        400,
        '0x8004022e',
      ]);
      expect(errorOf(close(id))).to.deep.equal([400, '0x80044411']);
      expect(fixture.send('PATCH', `incidents(${id})`, { statecode: 0 }).status).to.equal(204);
      expect(states(`incidents(${id})`)).to.deep.equal([0, 1]);
      expect(fixture.send('PATCH', `incidents(${id})`, { title: 'x' }).status).to.equal(204);
    });

    it('an update can cancel a case', () => {
      const id = newCase();
      expect(fixture.send('PATCH', `incidents(${id})`, { statecode: 2 }).status).to.equal(204);
      expect(states(`incidents(${id})`)).to.deep.equal([2, 6]);
    });

    it('the status must belong to the state', () => {
      const { json } = fixture.send('PATCH', `incidents(${newCase()})`, { statecode: 2, statuscode: 1 });
      expect(json.error.message).to.match(
        /^1 is not a valid status code for state code IncidentState\.\w+ on incident with Id /,
      );
    });

    it('a case without a customer is rejected', () => {
      expect(errorOf(fixture.send('POST', 'incidents', { title: 'x' }))).to.deep.equal([400, '0x80044410']);
    });

    it('CalculateTotalTimeIncident sums the durations of activities', () => {
      const id = newCase();
      for (const actualdurationminutes of [10, 5]) {
        fixture.create('tasks', {
          subject: 'T',
          actualdurationminutes,
          'regardingobjectid_incident_task@odata.bind': `/incidents(${id})`,
        });
      }
      const { json } = fixture.get(`incidents(${id})/${type('CalculateTotalTimeIncident')}()`);
      expect(json).to.deep.equal({
        '@odata.context': `${base}/$metadata#${type('CalculateTotalTimeIncidentResponse')}`,
        TotalTime: 15,
      });
    });
  });

  describe('leads and opportunities', () => {
    it('QualifyLead creates the requested rows, once', () => {
      const lead = fixture.create('leads', {
        subject: 'Big',
        firstname: 'A',
        lastname: 'B',
        companyname: 'Acme',
        estimatedamount: 10,
      });
      const body = { CreateAccount: true, CreateContact: true, CreateOpportunity: true, Status: 3 };
      const { status, json } = fixture.send('POST', `leads(${lead})/${type('QualifyLead')}`, body);
      expect(status).to.equal(200);
      expect(json.value.map((row: Record<string, string>) => row['@odata.type'])).to.deep.equal([
        `#${type('account')}`,
        `#${type('contact')}`,
        `#${type('opportunity')}`,
      ]);
      const opportunity = fixture.get(`opportunities(${json.value[2].opportunityid})`).json;
      expect(opportunity).to.include({ name: 'Big', estimatedvalue: 10, _originatingleadid_value: lead });
      expect(states(`leads(${lead})`)).to.deep.equal([1, 3]);
      expect(errorOf(fixture.send('POST', `leads(${lead})/${type('QualifyLead')}`, body))).to.deep.equal([
        400,
        '0x80040519',
      ]);
    });

    it('only WinOpportunity and LoseOpportunity close an opportunity', () => {
      for (const [message, Status, state] of [
        ['WinOpportunity', 3, 1],
        ['LoseOpportunity', 4, 2],
      ] as const) {
        const id = fixture.create('opportunities', { name: 'O', estimatedvalue: 7 });
        expect(errorOf(fixture.send('PATCH', `opportunities(${id})`, { statecode: state }))).to.deep.equal([
          400,
          '0x80100005',
        ]);
        const body = {
          OpportunityClose: { subject: 'Over', 'opportunityid@odata.bind': `/opportunities(${id})` },
          Status,
        };
        expect(fixture.send('POST', message, body).status).to.equal(204);
        expect(states(`opportunities(${id})`)).to.deep.equal([state, Status]);
        expect(errorOf(fixture.send('POST', message, body))).to.deep.equal([400, '0x80040515']);
      }
    });
  });

  describe('queues', () => {
    let queue: string;
    let item: string;

    beforeEach(() => {
      queue = fixture.create('queues', { name: 'Support' });
      item = add(queue, newCase()).json.QueueItemId;
    });
    const add = (to: string, incidentid: string, more: object = {}) =>
      fixture.send('POST', `queues(${to})/${type('AddToQueue')}`, {
        Target: { incidentid, '@odata.type': type('incident') },
        ...more,
      });
    const row = () => fixture.get(`queueitems(${item})?$select=title,_queueid_value,_workerid_value`).json;

    it('AddToQueue creates an item with the name of its row; a second queue takes the item over', () => {
      expect(row()).to.include({ title: 'Broken', _queueid_value: queue, _workerid_value: null });
      const other = fixture.create('queues', { name: 'Second line' });
      const object = fixture.get(`queueitems(${item})?$select=_objectid_value`).json._objectid_value;
      expect(add(other, object).json.QueueItemId).to.equal(item);
      expect(row()._queueid_value).to.equal(other);
    });

    it('AddToQueue rejects a row that is not in the source queue', () => {
      const SourceQueue = { queueid: fixture.create('queues', { name: 'Q' }), '@odata.type': type('queue') };
      expect(errorOf(add(queue, newCase(), { SourceQueue }))).to.deep.equal([400, '0x80040524']);
    });

    it('a second active queue item of a row is rejected', () => {
      const object = fixture.get(`queueitems(${item})?$select=_objectid_value`).json._objectid_value;
      const body = {
        'queueid@odata.bind': `/queues(${queue})`,
        'objectid_incident@odata.bind': `/incidents(${object})`,
      };
      expect(errorOf(fixture.send('POST', 'queueitems', body))).to.deep.equal([400, '0x80040526']);
    });

    it('queue items can be picked, released, routed and removed', () => {
      const user = { systemuserid: fixture.userId, '@odata.type': type('systemuser') };
      fixture.send('POST', `queueitems(${item})/${type('PickFromQueue')}`, {
        SystemUser: user,
        RemoveQueueItem: false,
      });
      expect(row()._workerid_value).to.equal(fixture.userId);
      fixture.send('POST', `queueitems(${item})/${type('ReleaseToQueue')}`);
      expect(row()._workerid_value).to.equal(null);
      const other = fixture.create('queues', { name: 'Q2' });
      const body = {
        Target: { queueid: other, '@odata.type': type('queue') },
        QueueItem: { queueitemid: item, '@odata.type': type('queueitem') },
      };
      expect(fixture.send('POST', 'RouteTo', body).status).to.equal(204);
      expect(row()._queueid_value).to.equal(other);
      expect(fixture.send('POST', `queueitems(${item})/${type('RemoveFromQueue')}`).status).to.equal(204);
      expect(fixture.get(`queueitems(${item})`).status).to.equal(404);
    });
  });

  describe('e-mail', () => {
    const party = (mask: number, set: string, id: string) => ({
      participationtypemask: mask,
      [`partyid_${set.replace(/s$/, '')}@odata.bind`]: `/${set}(${id})`,
    });
    const draft = (...parties: object[]) =>
      fixture.create('emails', { subject: 'Hi', email_activity_parties: parties });
    const send = (id: string) =>
      fixture.send('POST', `emails(${id})/${type('SendEmail')}`, { IssueSend: true });

    it('SendEmail marks the e-mail as sent', () => {
      const to = party(2, 'contacts', fixture.create('contacts', { lastname: 'B' }));
      const email = draft(to, party(1, 'systemusers', fixture.userId));
      expect(send(email).json.Subject).to.equal('Hi');
      expect(states(`emails(${email})`)).to.deep.equal([1, 3]);
    });

    it('SendEmail requires a recipient, and one sender that is a user or a queue with an address', () => {
      const contact = fixture.create('contacts', { lastname: 'B' });
      const to = party(2, 'contacts', contact);
      const user = party(1, 'systemusers', fixture.userId);
      const queue = fixture.create('queues', { name: 'Desk' });
      expect(errorOf(send(draft(user)))).to.deep.equal([400, '0x80040b04']);
      expect(errorOf(send(draft(to)))).to.deep.equal([400, '0x80040b02']);
      for (const sender of [
        party(1, 'contacts', contact),
        { participationtypemask: 1, addressused: 'desk@contoso.example' },
      ])
        expect(errorOf(send(draft(to, sender)))).to.deep.equal([400, '0x80040b01']);
      expect(errorOf(send(draft(to, party(1, 'queues', queue))))).to.deep.equal([400, '0x80040b08']);
      fixture.send('PATCH', `queues(${queue})`, { emailaddress: 'desk@contoso.example' });
      expect(send(draft(to, party(1, 'queues', queue))).status).to.equal(200);
    });

    it('SendEmail accepts recipients that are no rows only if the organization allows them', () => {
      const to = { participationtypemask: 2, addressused: 'ann@fabrikam.example' };
      const email = draft(to, party(1, 'systemusers', fixture.userId));
      expect(errorOf(send(email))).to.deep.equal([400, '0x80040b05']);
      const organizationid = fixture.webApi.organizationId;
      const settings = { organizationid, name: 'c', allowunresolvedpartiesonemailsend: true };
      fixture.store.insert('organization', settings, { userId: fixture.userId });
      expect(send(email).status).to.equal(200);
    });
  });

  describe('teams and sharing', () => {
    it('AddMembersTeam and RemoveMembersTeam change the members', () => {
      const team = fixture.create('teams', { name: 'T', teamtype: 0 });
      const Members = [{ '@odata.type': type('systemuser'), ownerid: fixture.userId }];
      const count = () => fixture.get(`teams(${team})/teammembership_association/$count`).text;
      fixture.send('POST', `teams(${team})/${type('AddMembersTeam')}`, { Members });
      expect(count()).to.equal('1');
      fixture.send('POST', `teams(${team})/${type('RemoveMembersTeam')}`, { Members });
      expect(count()).to.equal('0');
    });

    it('GrantAccess, ModifyAccess and RevokeAccess change the rights of RetrievePrincipalAccess', () => {
      const user = fixture.create('systemusers', { firstname: 'B', lastname: 'C', domainname: 'b@c' });
      setRoles(fixture.store, user, ['Basic User']);
      const Target = { accountid: account, '@odata.type': type('account') };
      const Principal = { systemuserid: user, '@odata.type': type('systemuser') };
      const access = () =>
        fixture.get(
          `systemusers(${user})/${type('RetrievePrincipalAccess')}(Target=@t)?@t={'@odata.id':'accounts(${account})'}`,
        ).json.AccessRights;
      expect(access()).to.equal('None');
      fixture.send('POST', 'GrantAccess', {
        Target,
        PrincipalAccess: { Principal, AccessMask: 'ReadAccess' },
      });
      fixture.send('POST', 'GrantAccess', {
        Target,
        PrincipalAccess: { Principal, AccessMask: 'DeleteAccess' },
      });
      expect(access()).to.equal('ReadAccess, DeleteAccess');
      fixture.send('POST', 'ModifyAccess', {
        Target,
        PrincipalAccess: { Principal, AccessMask: 'WriteAccess' },
      });
      expect(access()).to.equal('WriteAccess');
      fixture.send('POST', 'RevokeAccess', { Target, Revokee: Principal });
      expect(access()).to.equal('None');
    });
  });

  it('Merge moves related rows to the target and closes the subordinate', () => {
    const other = fixture.create('accounts', { name: 'Twin' });
    const task = fixture.create('tasks', {
      subject: 'T',
      'regardingobjectid_account_task@odata.bind': `/accounts(${other})`,
    });
    const ref = (accountid: string) => ({ accountid, '@odata.type': type('account') });
    const body = {
      Target: ref(account),
      Subordinate: ref(other),
      UpdateContent: { '@odata.type': type('account'), fax: '1' },
      PerformParentingChecks: false,
    };
    expect(fixture.send('POST', 'Merge', body).status).to.equal(204);
    expect(
      fixture.get(`tasks(${task})?$select=_regardingobjectid_value`).json._regardingobjectid_value,
    ).to.equal(account);
    expect(fixture.get(`accounts(${account})/fax`).json.value).to.equal('1');
    expect(states(`accounts(${other})`)).to.deep.equal([1, 2]);
    expect(errorOf(fixture.send('POST', 'Merge', { ...body, Subordinate: ref(account) }))).to.deep.equal([
      400,
      '0x80045305',
    ]);
  });

  it('RetrieveTotalRecordCount counts tables, with inline names or an alias', () => {
    for (const path of ["(EntityNames=['account','contact'])", '(EntityNames=@p)?@p=["account","contact"]']) {
      const { json } = fixture.get(`RetrieveTotalRecordCount${path}`);
      expect(json.EntityRecordCountCollection).to.include({ Count: 2 });
      expect(json.EntityRecordCountCollection.Values).to.deep.equal([1, 0]);
    }
  });

  it('FormatAddress writes the lines in the order of the country', () => {
    const format = (
      Line1: string,
      City: string,
      StateOrProvince: string,
      PostalCode: string,
      Country: string,
    ) => {
      const values = Object.entries({ Line1, City, StateOrProvince, PostalCode, Country });
      const args = values.map(([name], at) => `${name}=@p${at}`).join(',');
      const aliases = values.map(([, value], at) => `@p${at}='${value}'`).join('&');
      return fixture.get(`FormatAddress(${args})?${aliases}`).json.Address.split('\r\n');
    };
    expect(format('1 Main St.', 'Austin', 'TX', '78701', 'USA')).to.deep.equal([
      '1 Main St.',
      'Austin, TX 78701',
      'USA',
    ]);
    expect(format('1-2-3 Sakura', 'Nagoya', 'Aichi', '455-2345', 'JAPAN')).to.deep.equal([
      '455-2345',
      'Aichi',
      'Nagoya',
      '1-2-3 Sakura',
      'JAPAN',
    ]);
  });

  it('InitializeFrom drafts a related row', () => {
    const args = `EntityMoniker=@p1,TargetEntityName=@p2,TargetFieldType=@p3`;
    const aliases = `@p1={'@odata.id':'accounts(${account})'}&@p2='account'&@p3=${type("TargetFieldType'ValidForCreate'")}`;
    const { json } = fixture.get(`InitializeFrom(${args})?${aliases}`);
    expect(json).to.include({
      '@odata.type': `#${type('account')}`,
      'parentaccountid@odata.bind': `accounts(${account})`,
    });
  });

  describe('bulk operations', () => {
    const target = (more: object) => ({ '@odata.type': type('account'), ...more });
    const bulk = (name: string, Targets: object[]) =>
      fixture.send('POST', `accounts/${type(name)}`, { Targets });

    it('CreateMultiple, UpdateMultiple and UpsertMultiple write all rows', () => {
      const { json } = bulk('CreateMultiple', [target({ name: 'A' }), target({ name: 'B' })]);
      expect(json.Ids).to.have.length(2);
      expect(bulk('UpdateMultiple', [target({ accountid: json.Ids[0], name: 'A2' })]).status).to.equal(204);
      const fresh = '0000000a-0000-4000-8000-000000000009';
      expect(
        bulk('UpsertMultiple', [
          target({ accountid: json.Ids[1], name: 'B2' }),
          target({ accountid: fresh, name: 'C' }),
        ]).status,
      ).to.equal(204);
      expect(
        fixture
          .get('accounts?$select=name&$orderby=name')
          .json.value.map((row: { name: string }) => row.name),
      ).to.deep.equal(['A2', 'B2', 'C', 'Litware']);
    });

    it('one invalid row rolls all of them back', () => {
      expect(bulk('CreateMultiple', [target({ name: 'A' }), target({ nope: 1 })]).status).to.equal(400);
      expect(fixture.get('accounts/$count').text).to.equal('1');
    });

    it('items need @odata.type, and standard tables have no DeleteMultiple', () => {
      expect(bulk('CreateMultiple', [{ name: 'A' }]).status).to.equal(400);
      expect(bulk('DeleteMultiple', [target({ accountid: account })]).json.error.message).to.equal(
        'DeleteMultiple has not yet been implemented.',
      );
    });
  });

  describe('parameters and binding', () => {
    it('unknown, missing and ambiguous parameters are rejected', () => {
      const incident = { '@odata.type': type('incident') };
      expect(errorOf(fixture.send('POST', 'CloseIncident', { Nope: 1 }))).to.deep.equal([400, '0x80048d19']);
      expect(errorOf(fixture.send('POST', 'CloseIncident', { Status: 5 }))).to.deep.equal([
        400,
        '0x80040203',
      ]);
      const { json } = fixture.send('POST', 'ApplyRoutingRule', { Target: incident });
      expect(json.error.message).to.match(/EdmEntityObject passed should have the key property value set\.$/);
    });

    it('bound operations require their namespace and table', () => {
      expect(fixture.get(`incidents(${newCase()})/CalculateTotalTimeIncident()`).status).to.equal(404);
      expect(
        fixture.send('POST', `accounts(${account})/${type('SendEmail')}`, {}).json.error.message,
      ).to.equal('Request message has unresolved parameters.');
    });
  });

  it('CreateException creates a changed appointment, or none if it is deleted', () => {
    const call = (body: object) =>
      fixture.send('POST', 'recurringappointmentmasters/Microsoft.Dynamics.CRM.CreateException', body);
    const target = { '@odata.type': 'Microsoft.Dynamics.CRM.appointment', subject: 'Moved' };
    const { status, json } = call({
      Target: target,
      OriginalStartDate: '2024-06-03T09:00:00Z',
      IsDeleted: false,
    });
    expect(status).to.equal(200);
    expect(fixture.get(`appointments(${json.id})`).json).to.include({
      subject: 'Moved',
      originalstartdate: '2024-06-03T09:00:00Z',
    });
    call({ Target: target, OriginalStartDate: '2024-06-10T09:00:00Z', IsDeleted: true });
    expect(fixture.get('appointments/$count').text).to.equal('1');
    expect(call({ Target: target, OriginalStartDate: 'soon' }).status).to.equal(400);
  });
});
