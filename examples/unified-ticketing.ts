/**
 * Unified ticketing: what comes in as a case is answered by e-mail and noted down; what is resolved is told.
 * Run it: node examples/unified-ticketing.ts
 */
import type { Client, JsonObject } from 'dynamics365-connector';
import { type ExampleContext, isMainModule, runExample } from './support/run-example.ts';

/** Follows new cases, answers each, and follows resolved ones. */
export async function unifiedTicketing(
  { client }: ExampleContext,
  print: (line: string) => void,
): Promise<void> {
  const created = await client.poll('case.created');
  const resolved = await client.poll('case.resolved');

  await createIncomingCase(client);

  const newCases = await client.poll('case.created', {}, created.checkpoint);
  for (const { row } of newCases.items) {
    print(`new: ${row.number} ${row.title}`);
    const body = `<p>Thank you for writing to us about “${row.title}”. We are on it.</p>`;
    const mail = (await client.run('case.reply-by-email', { id: row.id!, body })).output as JsonObject;
    print(`answered: ${mail.subject}`);
    await client.run('case.add-note', { id: row.id!, text: 'Answered by the ticketing workflow.' });
    await client.run('case.resolve', { id: row.id!, subject: 'Sent a new fuse', minutesSpent: 10 });
  }

  const done = await client.poll('case.resolved', {}, resolved.checkpoint);
  for (const { row } of done.items) print(`resolved: ${(row.case as JsonObject).name}: ${row.subject}`);
}

async function createIncomingCase(client: Client): Promise<void> {
  const [contact] = (await client.run('contact.list', { limit: 1 })).output as JsonObject[];
  const customer = { table: 'contact', id: contact!.id! };
  await client.run('case.create', { title: 'The kettle does not boil', customer, origin: 'web' });
}

if (isMainModule(import.meta.filename)) await runExample(unifiedTicketing);
