/**
 * Sales and service in step: what a customer has open at support, before someone calls to sell.
 * Run it: node examples/sales-and-service.ts
 */
import type { Client, JsonObject } from 'dynamics365-connector';
import { type ExampleContext, isMainModule, runExample } from './support/run-example.ts';

/** Tells of each open opportunity what its customer has open at support, and warns before a call. */
export async function salesAndService(
  { client }: ExampleContext,
  print: (line: string) => void,
): Promise<void> {
  const input = { state: 'open', orderBy: 'createdon', limit: 20 };
  for (const sale of (await client.run('opportunity.list', input)).output as JsonObject[]) {
    const customer = sale.customer as JsonObject | null;
    if (customer === null) continue;
    const { open, urgent } = await countOpenCases(client, String(customer.id));
    print(`${sale.name} for ${customer.name}: ${open} open cases, ${urgent} urgent`);
    if (urgent > 0) await createWarningTask(client, sale);
  }
}

async function countOpenCases(client: Client, customerId: string): Promise<{ open: number; urgent: number }> {
  const count = async (more: JsonObject): Promise<number> =>
    (await client.run('case.count', { customerId, state: 'active', ...more })).output as number;
  return { open: await count({}), urgent: await count({ priority: 'high' }) };
}

/** A task for whoever owns the opportunity. */
async function createWarningTask(client: Client, sale: JsonObject): Promise<void> {
  const { table, id } = sale.owner as JsonObject;
  await client.run('task.create', {
    subject: `Urgent case open: ask support before you call about ${sale.name}`.slice(0, 200),
    regarding: { table: 'opportunity', id: sale.id! },
    owner: { table: table!, id: id! },
    priority: 'high',
  });
}

if (isMainModule(import.meta.filename)) await runExample(salesAndService);
