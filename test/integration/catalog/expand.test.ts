import { expect } from 'chai';
import type { ConnectorError, JsonObject } from '../../../src/index.ts';
import { openSandboxClient, type SandboxClient } from '../../support/sandbox-client.ts';

/** Rows inside of rows, read from the sandbox. */
describe('expand', () => {
  let fixture: SandboxClient;
  let account: JsonObject;
  let contact: JsonObject;
  let created: JsonObject;
  const run = async (action: string, input: JsonObject) => (await fixture.client.run(action, input)).output;
  const create = async (action: string, input: JsonObject) => (await run(action, input)) as JsonObject;

  before(async () => {
    fixture = await openSandboxClient();
    account = await create('account.create', { name: 'Fabrikam', phone: '030 123' });
    contact = await create('contact.create', { firstName: 'Ann', lastName: 'Lee' });
    created = await create('case.create', {
      title: 'Kettle',
      customer: { table: 'account', id: account.id! },
    });
    await create('case.create', { title: 'Toaster', customer: { table: 'contact', id: contact.id! } });
    for (const subject of ['Call', 'Repair', 'Bill'])
      await create('task.create', { subject, regarding: { table: 'case', id: created.id! } });
  });
  after(() => fixture.close());

  it('of typed actions returns the customer, the owner and the tasks of a case', async () => {
    const expand = {
      customer: ['name', 'phone', 'lastName'],
      tasks: ['subject', 'state'],
      owner: ['email'],
    };
    const row = (await run('case.get', { id: created.id!, expand })) as JsonObject;
    const { customer, tasks, owner = null } = row.expanded as JsonObject;
    expect(customer).to.deep.equal({ id: account.id, name: 'Fabrikam', phone: '030 123' });
    expect((tasks as JsonObject[]).map(({ subject, state }) => `${subject} ${state}`)).to.have.members([
      'Call open',
      'Repair open',
      'Bill open',
    ]);
    expect(owner).to.include.keys('id', 'email');
    const rows = (await run('case.list', {
      expand: { customer: ['lastName'] },
      orderBy: 'createdon',
    })) as JsonObject[];
    const names = rows.map(
      ({ title, expanded }) => `${title} ${(expanded as { customer: JsonObject | null }).customer?.lastName}`,
    );
    expect(names).to.have.members(['Toaster Lee', 'Kettle undefined']);
  });

  it('of record.get and record.list has logical names, at any depth', async () => {
    const expand = {
      customerid: ['name'],
      Incident_Tasks: { columns: ['subject'], expand: { regardingobjectid_incident_task: ['title'] } },
    };
    const row = (await run('record.get', {
      table: 'incident',
      id: created.id!,
      select: ['title'],
      expand,
    })) as JsonObject;
    const { customerid, Incident_Tasks: tasks } = row.expanded as JsonObject;
    expect(customerid).to.deep.equal({ id: account.id, name: 'Fabrikam' });
    const [task] = tasks as JsonObject[];
    expect(task?.expanded).to.deep.equal({
      regardingobjectid_incident_task: { id: created.id, title: 'Kettle' },
    });
    const rows = (await run('record.list', {
      table: 'incident',
      expand,
      filter: "title eq 'Kettle'",
    })) as JsonObject[];
    expect(
      rows.map(({ expanded }) => (expanded as { Incident_Tasks: unknown[] }).Incident_Tasks.length),
    ).to.deep.equal([3]);
  });

  it('of record.list reports unknown names before the query is sent', async () => {
    const expand = { customerid: ['nam'], incident_tasks: ['subject'] };
    const error = await run('record.list', { table: 'incident', expand }).then(
      () => undefined,
      (reason: ConnectorError) => reason,
    );
    expect(error?.details.issues?.map(({ path }) => path)).to.deep.equal([
      '/expand/customerid/0',
      '/expand/incident_tasks',
    ]);
    expect(error?.message).to.contain('did you mean "name"');
  });

  it('of a queue item returns its user, because it has no column for a team', async () => {
    const queue = await create('queue.create', { name: 'Repairs' });
    await run('case.add-to-queue', { id: created.id!, queueId: queue.id! });
    const [item] = (await run('queue-item.list', { expand: { owner: ['email'] } })) as JsonObject[];
    expect((item!.expanded as JsonObject).owner).to.include.keys('id', 'email');
  });

  it('is left out when a whole row is written back', async () => {
    const { expanded, ...row } = (await run('record.get', {
      table: 'incident',
      id: created.id!,
      expand: { customerid: ['name'] },
    })) as JsonObject;
    expect(expanded).to.be.an('object');
    await run('record.update', {
      table: 'incident',
      id: created.id!,
      values: { ...row, expanded: expanded! },
    });
  });
});
