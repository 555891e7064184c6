import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { addSlaWarning, defineKeys } from '../../../../../examples/support/sandbox-setup.ts';
import { openSandboxClient, type SandboxClient } from '../../../../../test/support/sandbox-client.ts';
import { credentialDataFor } from '../support/credential-store.ts';
import { credentialType, packageName } from '../support/load-package.ts';
import { type N8nServer, startN8n } from '../support/n8n-server.ts';
import { prepareUserFolder, type UserFolder } from '../support/user-folder.ts';

const examples = join(import.meta.dirname, '../../../examples');

interface ImportedWorkflow extends JsonObject {
  readonly id: string;
  readonly versionId: string;
  readonly nodes: JsonObject[];
}

/** Each example workflow is imported as a user does it, with a credential in its nodes, and run. */
describe('n8n example workflows, imported and run', () => {
  let fixture: SandboxClient;
  let folder: UserFolder;
  let server: N8nServer;
  let customer: JsonObject;
  const workflows = new Map<string, ImportedWorkflow>();
  before(async () => {
    fixture = await openSandboxClient();
    defineKeys(fixture.sandbox);
    folder = await prepareUserFolder(packageName);
    server = await startN8n(folder);
    const credential = { name: 'Contoso', type: credentialType, data: credentialDataFor(fixture.sandbox) };
    const { id } = (await server.rest('POST', 'credentials', credential)) as { id: string };
    for (const file of globSync('*.json', { cwd: examples })) {
      const workflow = JSON.parse(readFileSync(join(examples, file), 'utf8')) as ImportedWorkflow;
      const nodes = workflow.nodes.map((node) =>
        String(node.type).startsWith(packageName)
          ? { ...node, credentials: { [credentialType]: { id, name: 'Contoso' } } }
          : node,
      );
      const imported = await server.rest('POST', 'workflows', { ...workflow, nodes });
      workflows.set(file, imported as ImportedWorkflow);
    }
    const contact = await run('contact.create', { lastName: 'Lee', email: 'kim.lee@example.com' });
    customer = { table: 'contact', id: contact.id! };
  });
  after(async () => {
    await server?.stop();
    folder?.remove();
    await fixture?.close();
  });

  const run = async (action: string, input: JsonObject) =>
    (await fixture.client.run(action, input)).output as JsonObject;
  const list = async (action: string, input: JsonObject) =>
    (await fixture.client.run(action, input)).output as unknown as readonly JsonObject[];
  async function eventually<T>(read: () => Promise<T>, isDone: (value: T) => boolean): Promise<T> {
    for (;;) {
      const value = await read();
      if (isDone(value)) return value;
      await wait(500);
    }
  }
  const isThere = (rows: readonly unknown[]) => rows.length > 0;

  /** Activates a workflow, and waits until its trigger has polled once: what happens then is new. */
  const activate = async (file: string) => {
    const { id, versionId } = workflows.get(file)!;
    await server.rest('POST', `workflows/${id}/activate`, { versionId });
    const read = async () => (await server.rest('GET', `workflows/${id}`)) as JsonObject;
    await eventually(read, ({ staticData }) => Boolean(staticData));
  };
  /** Runs a workflow from its first node, as the editor does, and returns its execution. */
  const execute = async (file: string): Promise<JsonObject> => {
    const workflow = workflows.get(file)!;
    const started = (await server.rest('POST', `workflows/${workflow.id}/run`, {
      workflowData: workflow,
      triggerToStartFrom: { name: workflow.nodes[0]!.name! },
    })) as JsonObject;
    const read = async () => (await server.rest('GET', `executions/${started.executionId}`)) as JsonObject;
    return await eventually(read, ({ status }) => !['new', 'running', 'waiting'].includes(String(status)));
  };

  it('create accounts from a list, and update them in the next run', async () => {
    for (let time = 0; time < 2; time++) {
      expect(await execute('create-or-update-accounts-from-a-list.json')).to.include({ status: 'success' });
    }
    const accounts = await list('account.list', { orderBy: 'name', direction: 'asc' });
    expect(accounts.map(({ name, city }) => [name, city])).to.deep.equal([
      ['Alpine Ski House', 'Zermatt'],
      ['Fourth Coffee', 'Seattle'],
    ]);
  });

  it('count the open cases by priority', async () => {
    for (const priority of ['high', 'low', 'low']) {
      await run('case.create', { title: 'Filter', customer, priority });
    }
    const execution = await execute('count-the-open-cases-by-priority-every-morning.json');
    expect(execution).to.include({ status: 'success' });
    // n8n flattens the data of an execution; its texts stand in it as they are.
    expect(String(execution.data)).to.include('"Low"').and.include('"High"');
  });

  it('send e-mails and tasks for new cases, and escalate one before its SLA fails', async () => {
    const queue = await run('queue.create', { name: 'Second line' });
    const sale = await run('opportunity.create', { name: 'Ten machines', customer });
    await activate('confirm-each-new-case-by-e-mail.json');
    await activate('tell-sellers-about-an-urgent-case-of-their-customer.json');
    await activate('escalate-a-case-before-its-sla-fails.json');
    const { id } = await run('case.create', { title: 'Cold coffee', customer, priority: 'high' });
    addSlaWarning(fixture.sandbox, String(id));
    const emails = await eventually(() => list('email.list', { regardingId: id! }), isThere);
    expect(emails[0]!.body).to.match(/We work on your request CAS-.*: Cold coffee/);
    const [task] = await eventually(() => list('task.list', { regardingId: sale.id! }), isThere);
    expect(task!.subject).to.match(/^Urgent case CAS-.*: Cold coffee$/);
    expect(task).to.have.nested.property('owner.id', (sale.owner as JsonObject).id);
    await eventually(
      () => run('case.get', { id: id! }),
      ({ escalated }) => escalated === true,
    );
    const items = await list('queue-item.list', { queueId: queue.id! });
    expect(items.map(({ title }) => title)).to.deep.equal(['Cold coffee']);
  });
});
