/**
 * Routing and escalation: a case that becomes urgent goes to the second line, with a task that is due in an hour.
 * Run it: node examples/routing-and-escalation.ts
 */
import type { Client, JsonObject } from '../src/index.ts';
import { isProgram, play, type Stage } from './support/sandbox.ts';

/** Follows priorities; escalates what became urgent. */
export async function routingAndEscalation({ client }: Stage, print: (line: string) => void): Promise<void> {
  const queue = (await client.run('queue.create', { name: 'Second line' })).output as JsonObject;
  const { id } = await newCase(client);
  const start = await client.poll('case.priority-changed');

  await client.run('case.update', { id: id!, priority: 'high' });

  const { items } = await client.poll('case.priority-changed', {}, start.checkpoint);
  for (const { row } of items.filter(({ row }) => row.priority === 'high')) {
    await client.run('case.add-to-queue', { id: row.id!, queueId: queue.id! });
    await client.run('case.update', { id: row.id!, escalated: true });
    const regarding = { table: 'case', id: row.id! };
    const dueOn = new Date(Date.now() + 3_600_000).toISOString();
    await client.run('task.create', {
      subject: `Call back about ${row.number}`,
      regarding,
      dueOn,
      priority: 'high',
    });
    print(`escalated: ${row.number} ${row.title}`);
  }

  const waiting = (await client.run('queue-item.list', { queueId: queue.id! })).output as JsonObject[];
  print(`waiting in ${queue.name}: ${waiting.map(({ title }) => title).join(', ')}`);
}

async function newCase(client: Client): Promise<JsonObject> {
  const [account] = (await client.run('account.list', { limit: 1 })).output as JsonObject[];
  const customer = { table: 'account', id: account!.id! };
  const input = { title: 'All kettles are cold', customer, priority: 'low' };
  return (await client.run('case.create', input)).output as JsonObject;
}

if (isProgram(import.meta.filename)) await play(routingAndEscalation);
