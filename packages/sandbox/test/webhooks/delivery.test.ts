import { expect } from 'chai';
import { createWebhookFixture, toObject, type WebhookFixture } from './fixture.ts';

const contracts = 'http://schemas.microsoft.com/xrm/2011/Contracts';

describe('delivery of asynchronous webhooks', () => {
  let fixture: WebhookFixture;

  before(async () => {
    fixture = await createWebhookFixture();
  });
  beforeEach(() => fixture.reset());
  after(() => fixture.close());

  const delivered = async () => {
    await fixture.sandbox.organization.jobs.idle();
    return fixture.receiver.received;
  };
  const readJobs = async () =>
    (await fixture.get('asyncoperations?$select=statecode,statuscode,errorcode,message,messagename')).json
      .value;

  it('posts the context of an update with the headers of Dataverse', async () => {
    const step = await fixture.addStep('Update', 'contact', { filteringattributes: 'firstname,lastname' });
    const id = await fixture.create('contacts', { firstname: 'Jim', lastname: 'Glynn' });
    const { userId, organizationId } = {
      userId: fixture.sandbox.organization.findSystemUserId(fixture.sandbox.user),
      organizationId: fixture.sandbox.organization.organizationId,
    };
    await fixture.send('PATCH', `contacts(${id})`, { firstname: 'James', gendercode: 1 });
    const [request] = await delivered();
    const { context, headers, path, text } = request!;
    expect(path).to.equal('/hook?code=secret');
    expect(headers).to.include({
      'content-type': 'application/json; charset=utf-8',
      'x-ms-dynamics-organization': new URL(fixture.sandbox.organization.origin).host,
      'x-ms-dynamics-entity-name': 'contact',
      'x-ms-dynamics-request-name': 'Update',
      'x-ms-correlation-request-id': context.CorrelationId,
    });
    expect(headers).not.to.have.property('x-ms-dynamics-msg-size-exceeded');
    expect(context).to.include({
      MessageName: 'Update',
      Mode: 1,
      Stage: 40,
      Depth: 1,
      PrimaryEntityName: 'contact',
      PrimaryEntityId: id,
      UserId: userId,
      InitiatingUserId: userId,
      OrganizationId: organizationId,
      SecondaryEntityName: 'none',
      IsInTransaction: false,
    });
    expect(context.OwningExtension).to.deep.include({ Id: step, LogicalName: 'sdkmessageprocessingstep' });
    const target = toObject(context.InputParameters).Target;
    expect(target).to.include({ __type: `Entity:${contracts}`, LogicalName: 'contact', Id: id });
    const attributes = toObject(target.Attributes);
    expect(attributes).to.include({ firstname: 'James', contactid: id });
    expect(attributes).not.to.have.any.keys('lastname', 'versionnumber');
    expect(attributes.gendercode).to.deep.equal({ __type: `OptionSetValue:${contracts}`, Value: 1 });
    expect(attributes.modifiedby).to.deep.include({
      __type: `EntityReference:${contracts}`,
      LogicalName: 'systemuser',
    });
    expect(attributes.modifiedon).to.match(/^\/Date\(\d+\)\/$/);
    expect(text).to.include('\\/Date(').and.to.include('http:\\/\\/schemas.microsoft.com');
    const [image] = context.PostEntityImages;
    expect(image.key).to.equal('AsynchronousStepPrimaryName');
    expect(toObject(image.value.Attributes)).to.deep.equal({ fullname: 'James Glynn', contactid: id });
    expect(context.ParentContext).to.include({ MessageName: 'Update', Stage: 30 });
    const requested = toObject(context.ParentContext.InputParameters).Target;
    expect(Object.keys(toObject(requested.Attributes))).to.have.members(['firstname', 'gendercode']);
  });

  it('posts the id of a new row as output, and a reference to a deleted one', async () => {
    await fixture.addStep('Create', 'account');
    await fixture.addStep('Delete', 'account');
    const id = await fixture.create('accounts', { name: 'Contoso', revenue: 12.5 });
    await fixture.send('DELETE', `accounts(${id})`);
    const contexts = (await delivered()).map(({ context }) => context);
    const created = contexts.find(({ MessageName }) => MessageName === 'Create');
    expect(created.OutputParameters).to.deep.equal([{ key: 'id', value: id }]);
    const attributes = toObject(toObject(created.InputParameters).Target.Attributes);
    expect(attributes.revenue).to.deep.equal({ __type: `Money:${contracts}`, Value: 12.5 });
    const deleted = contexts.find(({ MessageName }) => MessageName === 'Delete');
    expect(toObject(deleted.InputParameters).Target).to.include({
      __type: `EntityReference:${contracts}`,
      Id: id,
    });
    expect(deleted.PreEntityImages[0].key).to.equal('AsynchronousStepPrimaryName');
    expect(deleted.PostEntityImages).to.deep.equal([]);
  });

  it('posts the images of a step with names and formatted values', async () => {
    const step = await fixture.addStep('Update', 'task');
    const image = {
      messagepropertyname: 'Target',
      'sdkmessageprocessingstepid@odata.bind': `/sdkmessageprocessingsteps(${step})`,
    };
    await fixture.create('sdkmessageprocessingstepimages', {
      ...{
        ...image,
        name: 'before',
        entityalias: 'before',
        imagetype: 0,
        attributes: 'subject,prioritycode',
      },
    });
    await fixture.create('sdkmessageprocessingstepimages', {
      ...{ ...image, name: 'after', entityalias: 'after', imagetype: 1 },
    });
    const id = await fixture.create('tasks', { subject: 'Old', prioritycode: 1 });
    await fixture.send('PATCH', `tasks(${id})`, { subject: 'New' });
    const context = (await delivered())[0]!.context;
    const before = toObject(context.PreEntityImages).before;
    expect(Object.keys(toObject(before.Attributes))).to.have.members([
      'subject',
      'prioritycode',
      'activityid',
    ]);
    expect(toObject(before.Attributes).subject).to.equal('Old');
    expect(toObject(before.FormattedValues)).to.deep.equal({ prioritycode: 'Normal' });
    const after = toObject(context.PostEntityImages).after;
    expect(toObject(after.Attributes).subject).to.equal('New');
    expect(toObject(after.Attributes).ownerid.Name).to.equal('Rosa Lind');
  });

  it('an update without a filtering attribute calls no step', async () => {
    await fixture.addStep('Update', 'contact', { filteringattributes: 'lastname' });
    const id = await fixture.create('contacts', { lastname: 'Lind' });
    await fixture.send('PATCH', `contacts(${id})`, { firstname: 'Rosa' });
    expect(await delivered()).to.have.length(0);
  });

  it('an update of a state and other columns calls a step twice', async () => {
    await fixture.addStep('Update', 'contact');
    const id = await fixture.create('contacts', { lastname: 'Lind' });
    await fixture.send('PATCH', `contacts(${id})`, { firstname: 'Rosa', statecode: 1 });
    const columns = (await delivered()).map(({ context }) =>
      toObject(toObject(context.InputParameters).Target.Attributes),
    );
    expect(columns).to.have.length(2);
    expect(columns.filter((each) => 'firstname' in each && !('statecode' in each))).to.have.length(1);
    expect(columns.filter((each) => 'statecode' in each && !('firstname' in each))).to.have.length(1);
  });

  it('operations call the steps of the rows that they write', async () => {
    await fixture.addStep('Update', 'incident', { filteringattributes: 'statecode' });
    const contact = await fixture.create('contacts', { lastname: 'Lind' });
    const incidentid = await fixture.create('incidents', {
      title: 'Broken',
      'customerid_contact@odata.bind': `/contacts(${contact})`,
    });
    const { status } = await fixture.send('POST', 'CloseIncident', {
      IncidentResolution: {
        subject: 'Done',
        'incidentid@odata.bind': `/incidents(${incidentid})`,
      },
      Status: -1,
    });
    expect(status).to.equal(204);
    expect((await delivered()).map(({ context }) => context.PrimaryEntityId)).to.deep.equal([incidentid]);
  });

  it('CreateMultiple calls the step of Create once for each row', async () => {
    await fixture.addStep('Create', 'contact');
    const Targets = ['A', 'B', 'C'].map((lastname) => ({
      '@odata.type': 'Microsoft.Dynamics.CRM.contact',
      lastname,
    }));
    await fixture.send('POST', 'contacts/Microsoft.Dynamics.CRM.CreateMultiple', { Targets });
    expect(await delivered()).to.have.length(3);
  });

  it('CreateMultiple is called once for a bulk message, and with one row for a single create', async () => {
    await fixture.addStep('CreateMultiple', 'contact');
    const Targets = ['A', 'B', 'C'].map((lastname) => ({
      '@odata.type': 'Microsoft.Dynamics.CRM.contact',
      lastname,
    }));
    const { json } = await fixture.send('POST', 'contacts/Microsoft.Dynamics.CRM.CreateMultiple', {
      Targets,
    });
    const [bulk] = await delivered();
    expect(toObject(bulk?.context.OutputParameters).Ids).to.deep.equal(json.Ids);
    const entities = toObject(bulk?.context.InputParameters).Targets.Entities;
    expect(entities.map(({ Id }: { Id: string }) => Id)).to.deep.equal(json.Ids);
    const id = await fixture.create('contacts', { lastname: 'D' });
    const [, single] = await delivered();
    expect(toObject(single?.context.OutputParameters).Ids).to.deep.equal([id]);
  });

  it('a failed request calls no step', async () => {
    await fixture.addStep('Create', 'contact');
    await fixture.send('POST', 'contacts', { lastname: 'Lind', 'tasks@odata.bind': [] });
    const batch = [
      '--b\r\nContent-Type: multipart/mixed; boundary=c\r\n',
      '--c\r\nContent-Type: application/http\r\nContent-ID: 1\r\n',
      'POST contacts HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{"lastname":"Lind"}',
      '--c\r\nContent-Type: application/http\r\nContent-ID: 2\r\n',
      'POST contacts HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{"unknown":1}',
      '--c--\r\n--b--\r\n',
    ].join('\r\n');
    const { status } = await fixture.send('POST', '$batch', batch, {
      'Content-Type': 'multipart/mixed; boundary=b',
    });
    expect(status).to.equal(400);
    expect(await delivered()).to.have.length(0);
  });

  it('disabled steps and bypassed custom logic post nothing', async () => {
    const step = await fixture.addStep('Create', 'contact');
    const bypass = { 'MSCRM.BypassBusinessLogicExecution': 'CustomAsync' };
    await fixture.send('POST', 'contacts', { lastname: 'Lind' }, bypass);
    await fixture.send('PATCH', `sdkmessageprocessingsteps(${step})`, { statecode: 1, statuscode: 2 });
    await fixture.create('contacts', { lastname: 'Lind' });
    fixture.sandbox.organization.seed({ contacts: [{ lastname: 'Lind' }] });
    expect(await delivered()).to.have.length(0);
  });

  it('sends authentication in headers or in the query string', async () => {
    const settings = '<settings><setting name="x-key" value="a&amp;b" /></settings>';
    await fixture.addEndpoint({ authtype: 5, authvalue: settings });
    await fixture.addStep('Create', 'contact');
    await fixture.addEndpoint({ authtype: 6, authvalue: settings });
    await fixture.addStep('Create', 'contact');
    await fixture.create('contacts', { lastname: 'Lind' });
    const requests = await delivered();
    expect(requests.map(({ path }) => path)).to.have.members(['/hook', '/hook?x-key=a%26b']);
    expect(requests.find(({ path }) => path === '/hook')?.headers['x-key']).to.equal('a&b');
  });

  for (const status of [502, 503, 504]) {
    it(`tries once more after ${status}`, async () => {
      await fixture.addStep('Create', 'contact');
      fixture.receiver.statuses.push(status);
      await fixture.create('contacts', { lastname: 'Lind' });
      expect(await delivered()).to.have.length(2);
      expect((await readJobs())[0]).to.include({ statecode: 3, statuscode: 30 });
    });
  }

  for (const statuses of [[500], [429], [401], [302], [503, 503]]) {
    it(`gives up after ${statuses.join(' and ')}, and the job says why`, async () => {
      await fixture.addStep('Create', 'contact', { asyncautodelete: true });
      fixture.receiver.statuses.push(...statuses);
      await fixture.create('contacts', { lastname: 'Lind' });
      expect(await delivered()).to.have.length(statuses.length);
      const [job] = await readJobs();
      expect(job).to.include({
        statecode: 3,
        statuscode: 31,
        errorcode: -2_147_155_455,
        messagename: 'Create',
      });
      expect(job.message).to.include(`status ${statuses.at(-1)}`);
    });
  }

  it('a response after 60 seconds is a failure', async () => {
    await fixture.addStep('Create', 'contact');
    fixture.receiver.statuses.push(0);
    await fixture.create('contacts', { lastname: 'Lind' });
    while (fixture.receiver.received.length === 0) await new Promise(setImmediate);
    fixture.sandbox.clock.advance(59_000);
    expect((await readJobs())[0]).to.include({ statecode: 2, statuscode: 20 });
    fixture.sandbox.clock.advance(2_000);
    await fixture.sandbox.organization.jobs.idle();
    expect((await readJobs())[0]).to.include({ statuscode: 31, errorcode: -2_147_155_454 });
  });

  it('a step that deletes its jobs keeps only the failed ones', async () => {
    await fixture.addStep('Create', 'contact', { asyncautodelete: true });
    await fixture.create('contacts', { lastname: 'Lind' });
    await delivered();
    expect(await readJobs()).to.have.length(0);
  });

  it('a body over 256 KB is sent without its largest members', async () => {
    await fixture.addStep('Create', 'email');
    await fixture.create('emails', { subject: 'Large', description: 'x'.repeat(150_000) });
    const { headers, context } = (await delivered())[0]!;
    expect(headers).to.have.property('x-ms-dynamics-msg-size-exceeded');
    expect(context).to.include({ PrimaryEntityName: 'email', MessageName: 'Create' });
    expect(context).not.to.have.any.keys(
      ...['ParentContext', 'InputParameters', 'PreEntityImages', 'PostEntityImages'],
    );
  });

  const unreachable: Readonly<Record<string, readonly [object, string]>> = {
    'another machine': [{ url: 'https://hooks.contoso.example/hook' }, 'this machine only'],
    'another port of another machine': [{ url: 'https://hooks.contoso.example:8443/hook' }, 'port 8443'],
    'a name that looks local': [{ url: 'http://127.0.0.1.contoso.example/hook' }, 'this machine only'],
    'headers that are not settings': [{ authtype: 5, authvalue: '{"x-key":"a"}' }, 'not valid'],
  };
  for (const [title, [endpoint, message]] of Object.entries(unreachable)) {
    it(`the job of a webhook to ${title} fails`, async () => {
      await fixture.addEndpoint(endpoint);
      await fixture.addStep('Create', 'contact');
      await fixture.create('contacts', { lastname: 'Lind' });
      await delivered();
      const [job] = await readJobs();
      expect(job.statuscode).to.equal(31);
      expect(job.message).to.include(message);
    });
  }

  it('a public address can be mapped to a local one', async () => {
    const mapped = await createWebhookFixture({
      webhooks: { hosts: { 'https://hooks.contoso.example': fixture.receiver.url } },
    });
    try {
      await mapped.addEndpoint({ url: 'https://hooks.contoso.example/mapped' });
      await mapped.addStep('Create', 'contact');
      await mapped.create('contacts', { lastname: 'Lind' });
      await mapped.sandbox.organization.jobs.idle();
      expect(fixture.receiver.received.map(({ path }) => path)).to.deep.equal(['/mapped?code=secret']);
    } finally {
      await mapped.close();
    }
  });
});
