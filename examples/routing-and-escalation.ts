/**
 * Routing and escalation: a case that becomes urgent, or whose SLA is about to be missed, goes to the second line,
 * with a task that is due in an hour.
 * Run it: node examples/routing-and-escalation.ts
 */
import type { Client, Json, JsonObject } from 'dynamics365-connector';
import { type ExampleContext, isMainModule, runExample } from './support/run-example.ts';

/** Follows priorities and the warning times of SLAs; escalates what became urgent. */
export async function routingAndEscalation(
  { client, sandbox }: ExampleContext,
  print: (line: string) => void,
): Promise<void> {
  const queue = (await client.run('queue.create', { name: 'Second line' })).output as JsonObject;
  const [urgentCase, normalCase] = [
    await newCase(client, 'All kettles are cold'),
    await newCase(client, 'One lid sticks'),
  ];
  const priorities = await client.poll('case.priority-changed');
  const warnings = await client.poll('case.sla-nearing');

  await client.run('case.update', { id: urgentCase, priority: 'high' });
  addSlaWarning(sandbox, normalCase);

  const changed = await client.poll('case.priority-changed', {}, priorities.checkpoint);
  for (const { row } of changed.items.filter(({ row }) => row.priority === 'high')) {
    print(`urgent: ${await escalate(client, row.id!, queue)}`);
  }
  const nearing = await client.poll('case.sla-nearing', {}, warnings.checkpoint);
  for (const { row } of nearing.items) {
    print(`${row.name} is near: ${await escalate(client, (row.regarding as JsonObject).id!, queue)}`);
  }

  const waiting = (await client.run('queue-item.list', { queueId: queue.id! })).output as JsonObject[];
  print(`waiting in ${queue.name}: ${waiting.map(({ title }) => title).join(', ')}`);
}

/** Puts a case into the queue, marks it, and asks for a call; answers its number and title. */
async function escalate(client: Client, id: Json, queue: JsonObject): Promise<string> {
  await client.run('case.add-to-queue', { id, queueId: queue.id! });
  const { number, title } = (await client.run('case.update', { id, escalated: true })).output as JsonObject;
  await client.run('task.create', {
    subject: `Call back about ${number}`,
    regarding: { table: 'case', id },
    dueOn: new Date(Date.now() + 3_600_000).toISOString(),
    priority: 'high',
  });
  return `${number} ${title}`;
}

async function newCase(client: Client, title: string): Promise<Json> {
  const [account] = (await client.run('account.list', { limit: 1 })).output as JsonObject[];
  const customer = { table: 'account', id: account!.id! };
  const { output } = await client.run('case.create', { title, customer, priority: 'low' });
  return (output as JsonObject).id!;
}

/** What Dataverse does for a case under an SLA: notes when the warning is due. Then a quarter of an hour goes by. */
function addSlaWarning({ organization, user }: ExampleContext['sandbox'], caseId: Json): void {
  const warningtime = new Date(Date.now() + 10 * 60_000).toISOString().replace(/\.\d+/, '');
  const regarding = { table: 'incident', id: String(caseId) };
  const values = { name: 'First response', regarding, warningtime, status: 0 };
  organization.store.insert('slakpiinstance', values, { userId: organization.findSystemUserId(user)! });
  organization.clockOffsetMs += 15 * 60_000;
}

if (isMainModule(import.meta.filename)) await runExample(routingAndEscalation);
