/**
 * Routing and escalation: a case that becomes urgent, or whose SLA is about to fail, goes to the second line's queue,
 * and the manager of its owner gets a task that is due in an hour. The second line picks the most urgent case.
 * Run it: node --conditions=development examples/routing-and-escalation.ts [--connection <name>] [--manager <user id>]
 */
import type { Client, Operations } from 'dynamics365-connector';
import type { CaseRow, QueueRow } from 'dynamics365-connector/operations';
import { findDemoContact } from './support/demo-contact.ts';
import { pollAll } from './support/poll-all.ts';
import { type ExampleContext, isMainModule, runExample } from './support/run-example.ts';
import { addManager, addSlaWarning } from './support/sandbox-setup.ts';

/** Creates two demo cases, and escalates what the triggers report about them. */
export async function routingAndEscalation(
  { client, sandbox, print }: ExampleContext,
  { manager }: { readonly manager?: string } = {},
): Promise<void> {
  if (sandbox) addManager(sandbox);
  const queue = await findQueue(client, 'Second line');
  const urgentCase = await createDemoCase(client, 'All kettles are cold');
  const normalCase = await createDemoCase(client, 'One lid sticks');
  const priorities = await pollAll((from) => client.poll('case.priority-changed', {}, from));
  const warnings = await pollAll((from) => client.poll('case.sla-nearing', {}, from));

  await client.run('case.update', { id: urgentCase.id, priority: 'high' });
  if (sandbox) addSlaWarning(sandbox, normalCase.id);
  else print('Only the demo cases are escalated. No SLA applies to them: see the SLA part in the sandbox.');

  const changed = await pollAll(
    (from) => client.poll('case.priority-changed', {}, from),
    priorities.checkpoint,
  );
  for (const { row } of changed.items) {
    if (row.id !== urgentCase.id || row.priority !== 'high') continue;
    print(`urgent: ${await escalate(client, { id: row.id, queue, manager })}`);
  }
  const nearing = await pollAll((from) => client.poll('case.sla-nearing', {}, from), warnings.checkpoint);
  for (const { row } of nearing.items) {
    if (row.regarding?.id !== normalCase.id) continue;
    print(`${row.name} is due soon: ${await escalate(client, { id: row.regarding.id, queue, manager })}`);
  }

  const titles: string[] = [];
  for await (const { title } of client.list('queue-item.list', { queueId: queue.id, state: 'active' })) {
    titles.push(title ?? '');
  }
  print(`waiting in ${queue.name}: ${titles.join(', ')}`);
  if (sandbox) {
    const { output: next } = await client.run('queue.pick-next', { id: queue.id, order: 'most-urgent' });
    print(`picked first: ${next?.item?.name}`);
  }
  if (sandbox === undefined) await cancelDemoCases({ client, print }, [urgentCase, normalCase]);
}

async function findQueue(client: Client<Operations>, name: string): Promise<QueueRow> {
  for await (const queue of client.list('queue.list', { search: name, state: 'active' })) {
    if (queue.name === name) return queue;
  }
  return (await client.run('queue.create', { name })).output;
}

async function createDemoCase(client: Client<Operations>, title: string): Promise<CaseRow> {
  const customer = await findDemoContact(client);
  return (await client.run('case.create', { title, customer, priority: 'low' })).output;
}

interface Escalation {
  readonly id: string;
  readonly queue: QueueRow;
  /** Id of the user who is told; absent: the manager of the case's owner, or the administrator of an owning team. */
  readonly manager: string | undefined;
}

/** Adds a case to the queue, sets its flag, creates the manager's task; returns a line about it. */
async function escalate(client: Client<Operations>, { id, queue, manager }: Escalation): Promise<string> {
  await client.run('case.add-to-queue', { id, queueId: queue.id });
  const { output: row } = await client.run('case.update', { id, escalated: true });
  const { output: managers } = await client.run('case.list-managers', { id, maxLevels: 1 });
  const managerId = manager ?? managers[0]?.id;
  const line = `${row.number} ${row.title} -> ${queue.name}`;
  if (managerId === undefined) return `${line}; its owner has no manager, use --manager <user id>`;
  const { output: task } = await client.run('task.create', {
    subject: `Escalated: call the customer about ${row.number}`,
    regarding: { table: 'case', id },
    owner: { table: 'user', id: managerId },
    dueOn: new Date(Date.now() + 3_600_000).toISOString(),
    priority: 'high',
  });
  return `${line}; task for ${task.owner?.name}`;
}

async function cancelDemoCases(
  { client, print }: Pick<ExampleContext, 'client' | 'print'>,
  cases: readonly CaseRow[],
): Promise<void> {
  for (const { id } of cases) await client.run('case.cancel', { id });
  print(`canceled the demo cases ${cases.map(({ number }) => number).join(' and ')}`);
}

if (isMainModule(import.meta.filename)) {
  await runExample({
    about: 'Escalates urgent cases, and cases with a failing SLA, to a queue and a manager.',
    options: { manager: "Id of the user who gets the tasks (default: the manager of the case's owner)." },
    run: routingAndEscalation,
  });
}
