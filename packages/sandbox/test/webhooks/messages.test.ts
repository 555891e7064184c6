import { expect } from 'chai';
import { assignReadings, createAssumptions } from '../../src/assumptions.ts';
import { createWebhookFixture, toObject, type WebhookFixture } from './fixture.ts';

describe('messages that call webhooks', () => {
  let fixture: WebhookFixture;

  before(async () => {
    fixture = await createWebhookFixture();
  });
  beforeEach(async () => {
    await fixture.reset();
    assignReadings(fixture.sandbox.organization.assumptions, createAssumptions());
  });
  after(() => fixture.close());

  const delivered = async () => {
    await fixture.sandbox.organization.jobs.idle();
    return fixture.receiver.received.map(({ context }) => context);
  };
  const names = async () =>
    (await delivered()).map(({ MessageName, PrimaryEntityName }) => `${MessageName} ${PrimaryEntityName}`);
  const act = async (path: string, body: object) => {
    const { status, json } = await fixture.send('POST', path, body);
    expect(status, JSON.stringify(json)).to.be.within(200, 204);
  };
  const createCase = async () => {
    const account = await fixture.create('accounts', { name: 'Contoso' });
    return fixture.create('incidents', {
      title: 'Broken',
      'customerid_account@odata.bind': `/accounts(${account})`,
    });
  };
  const otherOwner = async () => {
    const { json } = await fixture.get('businessunits?$select=businessunitid');
    return fixture.create('teams', {
      name: 'Owners',
      'businessunitid@odata.bind': `/businessunits(${json.value[0].businessunitid})`,
    });
  };

  describe('of cascades', () => {
    const deleteAccount = async () => {
      const account = await fixture.create('accounts', { name: 'Contoso' });
      const parent = { 'parentcustomerid_account@odata.bind': `/accounts(${account})` };
      const contact = await fixture.create('contacts', { lastname: 'Lind', ...parent });
      await fixture.create('accounts', {
        name: 'Branch',
        'parentaccountid@odata.bind': `/accounts(${account})`,
      });
      await fixture.send('DELETE', `accounts(${account})`);
      return { account, contact };
    };

    it('a deletion raises Delete for each row that it deletes', async () => {
      await fixture.addStep('Delete', 'contact');
      await fixture.addStep('Delete', 'account');
      const { contact } = await deleteAccount();
      expect(await names()).to.have.members(['Delete contact', 'Delete account']);
      const event = (await delivered()).find(({ PrimaryEntityName }) => PrimaryEntityName === 'contact');
      expect(event?.PrimaryEntityId).to.equal(contact);
      expect(toObject(event?.PreEntityImages[0].value.Attributes)).to.include({ fullname: 'Lind' });
    });
    it('a deletion raises nothing for the rows that it deletes under the other assumption', async () => {
      fixture.sandbox.organization.assumptions.cascadeEvents = 'not-raised';
      await fixture.addStep('Delete', 'contact');
      await deleteAccount();
      expect(await names()).to.deep.equal([]);
    });
    it('a deletion raises Update for the rows whose lookup it clears under one assumption', async () => {
      await fixture.addStep('Update', 'account');
      await deleteAccount();
      expect(await names()).to.deep.equal([]);
      fixture.sandbox.organization.assumptions.clearedLookupEvents = 'raised';
      await deleteAccount();
      expect(await names()).to.deep.equal(['Update account']);
    });
    it('an assignment assigns the rows of parental relationships and raises their events', async () => {
      const account = await fixture.create('accounts', { name: 'Contoso' });
      const parent = { 'parentcustomerid_account@odata.bind': `/accounts(${account})` };
      const contact = await fixture.create('contacts', { lastname: 'Lind', ...parent });
      const task = await fixture.create('tasks', {
        subject: 'Call',
        'regardingobjectid_contact_task@odata.bind': `/contacts(${contact})`,
      });
      for (const table of ['account', 'contact', 'task']) await fixture.addStep('Assign', table);
      const team = await otherOwner();
      await fixture.send('PATCH', `accounts(${account})`, { 'ownerid@odata.bind': `/teams(${team})` });
      for (const path of [`contacts(${contact})`, `tasks(${task})`])
        expect((await fixture.get(`${path}?$select=_ownerid_value`)).json._ownerid_value).to.equal(team);
      expect(await names()).to.have.members(['Assign account', 'Assign contact', 'Assign task']);
    });
  });

  describe('of updates', () => {
    it('an update of the owner raises Update and Assign, with the new owner', async () => {
      const id = await createCase();
      await fixture.addStep('Update', 'incident');
      await fixture.addStep('Assign', 'incident');
      const team = await otherOwner();
      await fixture.send('PATCH', `incidents(${id})`, { 'ownerid@odata.bind': `/teams(${team})` });
      expect(await names()).to.have.members(['Update incident', 'Assign incident']);
      const assign = (await delivered()).find(({ MessageName }) => MessageName === 'Assign');
      const input = toObject(assign?.InputParameters);
      expect(input.Target).to.include({ LogicalName: 'incident', Id: id });
      expect(input.Assignee).to.include({ LogicalName: 'team', Id: team });
    });
    it('an update of the state raises SetState and SetStateDynamicEntity', async () => {
      const id = await fixture.create('accounts', { name: 'Contoso' });
      await fixture.addStep('SetState', 'account');
      await fixture.addStep('SetStateDynamicEntity', 'account');
      await fixture.send('PATCH', `accounts(${id})`, { statecode: 1, statuscode: 2 });
      expect(await names()).to.have.members(['SetState account', 'SetStateDynamicEntity account']);
      const input = toObject((await delivered())[0]!.InputParameters);
      expect([input.State.Value, input.Status.Value, input.EntityMoniker.Id]).to.deep.equal([1, 2, id]);
    });
    it('the special messages are not raised under the other assumption', async () => {
      fixture.sandbox.organization.assumptions.specialMessages = 'not-raised';
      const id = await fixture.create('accounts', { name: 'Contoso' });
      await fixture.addStep('SetState', 'account');
      await fixture.send('PATCH', `accounts(${id})`, { statecode: 1, statuscode: 2 });
      expect(await names()).to.deep.equal([]);
    });
    it('an update of the state and another column raises Update once under the other assumption', async () => {
      const id = await fixture.create('accounts', { name: 'Contoso' });
      await fixture.addStep('Update', 'account');
      const change = { name: 'Contoso Ltd', statecode: 1, statuscode: 2 };
      await fixture.send('PATCH', `accounts(${id})`, change);
      expect(await names()).to.have.length(2);
      fixture.sandbox.organization.assumptions.stateUpdateEvents = 'once';
      await fixture.send('PATCH', `accounts(${id})`, { ...change, statecode: 0, statuscode: 1 });
      expect(await names()).to.have.length(3);
    });
  });

  describe('of relationships', () => {
    it('a pair raises Associate and Disassociate with the relationship and both rows', async () => {
      const competitor = await fixture.create('competitors', { name: 'Fabrikam' });
      const lead = await fixture.create('leads', { subject: 'L', lastname: 'Lind' });
      await fixture.addStep('Associate', 'none');
      await fixture.addStep('Disassociate', 'none');
      const path = `leads(${lead})/leadcompetitors_association`;
      const link = {
        '@odata.id': `${fixture.sandbox.organization.origin}/api/data/v9.2/competitors(${competitor})`,
      };
      await act(`${path}/$ref`, link);
      await fixture.send('DELETE', `${path}(${competitor})/$ref`);
      const events = await delivered();
      expect(events.map(({ MessageName }) => MessageName)).to.have.members(['Associate', 'Disassociate']);
      for (const { InputParameters, PrimaryEntityId } of events) {
        const { Target, Relationship, RelatedEntities } = toObject(InputParameters);
        expect(PrimaryEntityId).to.equal(lead);
        expect(Target).to.include({ LogicalName: 'lead', Id: lead });
        expect(Relationship).to.include({
          SchemaName: 'leadcompetitors_association',
          PrimaryEntityRole: null,
        });
        expect(RelatedEntities).to.have.length(1);
        expect(RelatedEntities[0]).to.include({ LogicalName: 'competitor', Id: competitor });
      }
    });
    it('a row that is added to a collection of a lookup raises Associate and Update', async () => {
      const account = await fixture.create('accounts', { name: 'Contoso' });
      const contact = await fixture.create('contacts', { lastname: 'Lind' });
      await fixture.addStep('Associate', 'none');
      await fixture.addStep('Update', 'contact');
      const link = {
        '@odata.id': `${fixture.sandbox.organization.origin}/api/data/v9.2/contacts(${contact})`,
      };
      await act(`accounts(${account})/contact_customer_accounts/$ref`, link);
      expect(await names()).to.have.members(['Associate account', 'Update contact']);
    });
  });

  describe('of operations', () => {
    it('CloseIncident raises Close of the case, with the resolution and the status, and Update', async () => {
      const id = await createCase();
      await fixture.addStep('Close', 'incident');
      await fixture.addStep('Update', 'incident', { filteringattributes: 'statecode' });
      const resolution = { subject: 'Fixed', 'incidentid@odata.bind': `/incidents(${id})` };
      await act('CloseIncident', { IncidentResolution: resolution, Status: 5 });
      expect(await names()).to.have.members(['Close incident', 'Update incident']);
      const close = (await delivered()).find(({ MessageName }) => MessageName === 'Close');
      expect(close?.PrimaryEntityId).to.equal(id);
      const input = toObject(close?.InputParameters);
      expect(input.Status.Value).to.equal(5);
      expect(input.IncidentResolution).to.include({ LogicalName: 'incidentresolution' });
      expect(toObject(input.IncidentResolution.Attributes)).to.deep.include({ subject: 'Fixed' });
    });
    it('a refused CloseIncident raises nothing', async () => {
      const id = await createCase();
      await fixture.addStep('Close', 'incident');
      const resolution = { subject: 'Fixed', 'incidentid@odata.bind': `/incidents(${id})` };
      await act('CloseIncident', { IncidentResolution: resolution, Status: 5 });
      const again = await fixture.send('POST', 'CloseIncident', {
        IncidentResolution: resolution,
        Status: 5,
      });
      expect(again.status).to.equal(400);
      expect(await names()).to.deep.equal(['Close incident']);
    });
    it('WinOpportunity and LoseOpportunity raise Win and Lose', async () => {
      await fixture.addStep('Win', 'opportunity');
      await fixture.addStep('Lose', 'opportunity');
      for (const [name, Status] of [
        ['WinOpportunity', 3],
        ['LoseOpportunity', 4],
      ] as const) {
        const id = await fixture.create('opportunities', { name: 'Deal' });
        const close = { subject: 'Done', 'opportunityid@odata.bind': `/opportunities(${id})` };
        await act(name, { OpportunityClose: close, Status });
      }
      expect(await names()).to.have.members(['Win opportunity', 'Lose opportunity']);
    });
    it('Merge raises Merge of the target, with images', async () => {
      const [target, subordinate] = [
        await fixture.create('accounts', { name: 'A' }),
        await fixture.create('accounts', { name: 'B' }),
      ];
      const step = await fixture.addStep('Merge', 'account');
      await fixture.create('sdkmessageprocessingstepimages', {
        ...{
          name: 'Post',
          entityalias: 'post',
          imagetype: 1,
          messagepropertyname: 'Target',
          attributes: 'name',
        },
        'sdkmessageprocessingstepid@odata.bind': `/sdkmessageprocessingsteps(${step})`,
      });
      const row = (accountid: string) => ({ '@odata.type': 'Microsoft.Dynamics.CRM.account', accountid });
      await act('Merge', {
        Target: row(target),
        Subordinate: row(subordinate),
        PerformParentingChecks: false,
      });
      const [event] = await delivered();
      expect(event).to.include({ MessageName: 'Merge', PrimaryEntityId: target });
      const input = toObject(event!.InputParameters);
      expect(input.Subordinate).to.include({ LogicalName: 'account', Id: subordinate });
      expect(input.PerformParentingChecks).to.equal(false);
      expect(toObject(event!.PostEntityImages).post.Id).to.equal(target);
    });
    it('SendEmail raises Send of the e-mail', async () => {
      const contact = await fixture.create('contacts', { lastname: 'Lind' });
      const party = { 'partyid_contact@odata.bind': `/contacts(${contact})`, participationtypemask: 2 };
      const { organization, user } = fixture.sandbox;
      const sender = {
        'partyid_systemuser@odata.bind': `/systemusers(${organization.findSystemUserId(user)})`,
        participationtypemask: 1,
      };
      const email = await fixture.create('emails', {
        subject: 'Hi',
        email_activity_parties: [sender, party],
      });
      await fixture.addStep('Send', 'email');
      await act(`emails(${email})/Microsoft.Dynamics.CRM.SendEmail`, { IssueSend: true, TrackingToken: '' });
      const [event] = await delivered();
      expect(event).to.include({ MessageName: 'Send', PrimaryEntityName: 'email', PrimaryEntityId: email });
      expect(toObject(event!.InputParameters).IssueSend).to.equal(true);
    });
    it('GrantAccess raises GrantAccess of the row', async () => {
      const account = await fixture.create('accounts', { name: 'Contoso' });
      const team = await otherOwner();
      await fixture.addStep('GrantAccess', 'account');
      await act('GrantAccess', {
        Target: { '@odata.type': 'Microsoft.Dynamics.CRM.account', accountid: account },
        PrincipalAccess: {
          Principal: { '@odata.type': 'Microsoft.Dynamics.CRM.team', teamid: team },
          AccessMask: 'ReadAccess',
        },
      });
      const [event] = await delivered();
      expect(event).to.include({ MessageName: 'GrantAccess', PrimaryEntityId: account });
      expect(toObject(event!.InputParameters).PrincipalAccess.Principal).to.include({
        LogicalName: 'team',
        Id: team,
      });
    });
    it('a failing synchronous step of Close fails CloseIncident', async () => {
      const id = await createCase();
      await fixture.addStep('Close', 'incident', { mode: 0, stage: 20 });
      fixture.receiver.statuses.push(500);
      const resolution = { subject: 'Fixed', 'incidentid@odata.bind': `/incidents(${id})` };
      const { status, json } = await fixture.send('POST', 'CloseIncident', {
        IncidentResolution: resolution,
        Status: 5,
      });
      expect([status, json.error.code]).to.deep.equal([400, '0x80050201']);
      expect((await fixture.get(`incidents(${id})?$select=statecode`)).json.statecode).to.equal(0);
    });
    it('Restore raises Restore with the id', async () => {
      const organization = 'e1bd1119-6e9d-45a4-bc15-12051e65a0bd';
      await fixture.create('recyclebinconfigs', {
        'extensionofrecordid@odata.bind': `entities(${organization})`,
      });
      const id = await fixture.create('accounts', { name: 'Contoso' });
      await fixture.send('DELETE', `accounts(${id})`);
      await fixture.addStep('Restore', 'account');
      await act('Restore', { Target: { '@odata.type': 'Microsoft.Dynamics.CRM.account', accountid: id } });
      const [event] = await delivered();
      expect(event).to.include({ MessageName: 'Restore', PrimaryEntityId: id });
      expect(toObject(event!.OutputParameters)).to.deep.equal({ id });
    });
  });

  describe('further attempts', () => {
    const attempts = async (statuses: readonly number[]) => {
      await fixture.addStep('Create', 'account');
      fixture.receiver.statuses.push(...statuses);
      await fixture.create('accounts', { name: 'Contoso' });
      const ids = (await delivered()).map(({ OperationId }) => OperationId);
      fixture.receiver.statuses.length = 0;
      return [ids.length, new Set(ids).size];
    };
    it('are one, with the same OperationId', async () => {
      expect(await attempts([503, 503, 503])).to.deep.equal([2, 1]);
    });
    it('are none under the assumption of one attempt', async () => {
      const { assumptions } = fixture.sandbox.organization;
      assumptions.webhookAttempts = 'one';
      expect(await attempts([503])).to.deep.equal([1, 1]);
    });
    it('are two, each with its own OperationId, under the other assumptions', async () => {
      const { assumptions } = fixture.sandbox.organization;
      assumptions.webhookAttempts = 'three';
      assumptions.webhookOperationId = 'new';
      expect(await attempts([503, 502])).to.deep.equal([3, 3]);
    });
  });
});
