import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { type JsonObject, Secret } from 'dynamics365-connector';
import {
  createPushEndpoint,
  openConnection,
  type PushEndpoint,
  repairRegistration,
  runtimeOf,
} from 'dynamics365-connector/host';
import { addSlaWarning, defineKeys } from '../../../examples/support/sandbox-setup.ts';
import { openSandboxClient, type SandboxClient } from '../../../test/support/sandbox-client.ts';
import {
  createConnectionNode,
  deploy,
  type NodeRedProcess,
  prepareUserFolder,
  readLines,
  startNodeRed,
} from './node-red-process.ts';

const examples = join(import.meta.dirname, '../examples');

/** All example flows in one Node-RED, as a user imports them: only the connection is another one, and triggers poll often. */
describe('Node-RED example flows, imported and run', () => {
  let fixture: SandboxClient;
  let folder: string;
  let red: NodeRedProcess;
  let customer: JsonObject;
  let endpoint: PushEndpoint;

  before(async () => {
    fixture = await openSandboxClient();
    defineKeys(fixture.sandbox);
    folder = mkdtempSync(join(tmpdir(), 'd365-examples-'));
    prepareUserFolder(folder, fixture.sandbox);
    red = await startNodeRed(folder);
    endpoint = await createPushEndpoint(`${red.url}d365`, 'contoso', new Secret('s'.repeat(32)));
    await deploy(red, [createConnectionNode(fixture.sandbox), ...readExamples()]);
    const contact = await run('contact.create', { lastName: 'Lee', email: 'kim.lee@example.com' });
    customer = { table: 'contact', id: contact.id! };
  });
  after(async () => {
    await red?.stop();
    await fixture?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const run = async (action: string, input: JsonObject) =>
    (await fixture.client.run(action, input)).output as JsonObject;
  const list = async (action: string, input: JsonObject) =>
    (await fixture.client.run(action, input)).output as unknown as readonly JsonObject[];
  const reportFile = () => join(folder, 'report.txt');

  const readExamples = (): JsonObject[] =>
    globSync('*.json', { cwd: examples })
      .flatMap((name) => JSON.parse(readFileSync(join(examples, name), 'utf8')) as JsonObject[])
      .filter(({ type }) => type !== 'dynamics365-connection')
      .map((node) => {
        // It has no poll on schedule during the test.
        if (node.id === 'd365ex8trigger') return { ...node, connection: 'connection', everySeconds: '3600' };
        if (node.id === 'd365ex8tab')
          return { ...node, env: [{ name: 'D365_PUSH_KEY', type: 'str', value: endpoint.key.reveal() }] };
        if (node.id === 'd365ex8in') return { ...node, url: new URL(endpoint.url).pathname };
        if (node.type === 'dynamics365-trigger')
          return { ...node, connection: 'connection', everySeconds: '0.2', from: 'beginning' };
        if (node.type === 'dynamics365-action') return { ...node, connection: 'connection' };
        // Instead of the debug sidebar.
        const toFile = {
          type: 'file',
          filename: reportFile(),
          filenameType: 'str',
          overwriteFile: 'false',
          appendNewline: true,
        };
        return node.name === 'report' ? { ...node, ...toFile } : node;
      });

  /** Reads until a row is there, or a value is right. */
  async function eventually<T>(read: () => Promise<T>, isDone: (value: T) => boolean): Promise<T> {
    for (;;) {
      const value = await read();
      if (isDone(value)) return value;
      await wait(100);
    }
  }
  const press = async (id: string) => {
    const response = await fetch(`${red.url}inject/${id}`, { method: 'POST' });
    expect(response.status).to.equal(200);
  };
  const isThere = (rows: readonly unknown[]) => rows.length > 0;

  it('confirm a new case to its customer by e-mail, once', async () => {
    const { id } = await run('case.create', { title: 'Cold coffee', customer });
    const emails = await eventually(() => list('email.list', { regardingId: id! }), isThere);
    expect(emails).to.have.length(1);
    expect(emails[0]!.body).to.match(/We work on your request CAS-.*: Cold coffee/);
  });

  it('add a note to a new case with high priority, and give a task to the seller of its customer', async () => {
    const sale = await run('opportunity.create', { name: 'Ten machines', customer });
    const { id } = await run('case.create', { title: 'Steam', customer, priority: 'high' });
    const [task] = await eventually(() => list('task.list', { regardingId: sale.id! }), isThere);
    expect(task!.subject).to.match(/^Urgent case CAS-.*: Steam$/);
    expect(task).to.have.nested.property('owner.id', (sale.owner as JsonObject).id);
    await eventually(() => list('note.list', { regardingId: id! }), isThere);
  });

  it('escalate a case to the second line before its SLA fails', async () => {
    const queue = await run('queue.create', { name: 'Second line' });
    const { id } = await run('case.create', { title: 'Late', customer });
    addSlaWarning(fixture.sandbox, String(id));
    await eventually(
      () => run('case.get', { id: id! }),
      ({ escalated }) => escalated === true,
    );
    const items = await list('queue-item.list', { queueId: queue.id! });
    expect(items.map(({ title }) => title)).to.deep.equal(['Late']);
  });

  it('create accounts from a CSV file, and update them when it is read again', async () => {
    const report = readLines(reportFile()).length;
    for (const times of [1, 2]) {
      await press('d365ex5start');
      await eventually(
        async () => readLines(reportFile()),
        (lines) => lines.length === report + times,
      );
    }
    const accounts = await list('account.list', { orderBy: 'name', direction: 'asc' });
    expect(accounts.map(({ name, city }) => [name, city])).to.deep.equal([
      ['Alpine Ski House', 'Zermatt'],
      ['Fourth Coffee', 'Seattle'],
    ]);
  });

  it('count the open cases by priority', async () => {
    for (const priority of ['high', 'low', 'low'])
      await run('case.create', { title: 'Filter', customer, priority });
    const open = await list('case.list', { state: 'active' });
    const report = readLines(reportFile()).length;
    await press('d365ex7start');
    const lines = await eventually(async () => readLines(reportFile()).slice(report), isThere);
    for (const [priority, label] of [
      ['high', 'High'],
      ['low', 'Low'],
    ]) {
      expect(lines).to.include(`${label}: ${open.filter((one) => one.priority === priority).length}`);
    }
  });

  it('report a new case when the organization sends a webhook, and reject a wrong key', async () => {
    const { sandbox, connector } = fixture;
    const admin = { kind: 'host', getToken: () => ({ token: sandbox.issueToken(sandbox.app) }) } as const;
    const settings = { orgUrl: sandbox.organization.origin };
    const connection = openConnection(runtimeOf(connector), settings, admin, { allowLoopback: true });
    const steps = [{ table: 'incident', message: 'Create' }] as const;
    expect((await repairRegistration(connection, { endpoint, steps })).issues).to.deep.equal([]);
    const refused = await fetch(`${endpoint.url}?code=${'x'.repeat(43)}`, { method: 'POST' });
    expect(refused.status).to.equal(401);
    expect(readLines(reportFile()).filter((line) => line.startsWith('At once'))).to.deep.equal([]);
    await run('case.create', { title: 'No steam', customer });
    await eventually(
      async () => readLines(reportFile()),
      (lines) => lines.includes('At once: No steam'),
    );
  });
});
