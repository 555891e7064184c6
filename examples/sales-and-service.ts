/**
 * Sales and service: shows the open cases of customers with open opportunities, and warns the owners of these
 * opportunities before they call about a sale.
 * Run it: node --conditions=development examples/sales-and-service.ts [--connection <name>]
 */
import type { Client, Operations } from 'dynamics365-connector';
import type { OpportunityRow } from 'dynamics365-connector/operations';
import { type ExampleContext, isMainModule, runExample } from './support/run-example.ts';

const warning = 'Urgent case open';

/** Reads the newest 50 open opportunities, counts the cases of their customers, and creates warning tasks. */
export async function salesAndService({ client, print }: ExampleContext): Promise<void> {
  const sales: OpportunityRow[] = [];
  const newest = { state: 'open', orderBy: 'createdon', direction: 'desc', limit: 50 } as const;
  for await (const sale of client.list('opportunity.list', newest)) if (sale.customer) sales.push(sale);

  const salesByCustomer = Map.groupBy(sales, ({ customer }) => customer?.id ?? '');
  let customersWithCases = 0;
  let warnings = 0;
  for (const [customerId, ownSales] of salesByCustomer) {
    const { open, urgent } = await countOpenCases(client, customerId);
    if (open === 0) continue;
    customersWithCases += 1;
    const names = ownSales.map(({ name }) => name).join(', ');
    print(`${ownSales[0]?.customer?.name}: ${open} open, ${urgent} urgent (opportunities: ${names})`);
    if (urgent === 0) continue;
    for (const sale of ownSales) if (await warnOwner(client, sale)) warnings += 1;
  }
  print(
    `${sales.length} open opportunities, ${customersWithCases} of ${salesByCustomer.size} customers have open cases, ` +
      `${warnings} new warnings`,
  );
}

async function countOpenCases(client: Client<Operations>, customerId: string) {
  const active = { customerId, state: 'active' } as const;
  const { output: open } = await client.run('case.count', active);
  const { output: urgent } = await client.run('case.count', { ...active, priority: 'high' });
  return { open, urgent };
}

/** Creates a task for the owner of an opportunity; returns false when such a task is open already. */
async function warnOwner(client: Client<Operations>, { id, name, owner }: OpportunityRow): Promise<boolean> {
  if (owner?.table !== 'user' && owner?.table !== 'team') return false;
  const openWarning = { regardingId: id, state: 'open', search: warning, limit: 1 } as const;
  if ((await client.run('task.list', openWarning)).output.length > 0) return false;
  await client.run('task.create', {
    subject: `${warning}: ask support before you call about ${name}`.slice(0, 200),
    regarding: { table: 'opportunity', id },
    owner: { table: owner.table, id: owner.id },
    priority: 'high',
  });
  return true;
}

/** The sample data has no urgent case of a customer with an open opportunity: this creates one. */
async function createUrgentCase({ client, print }: ExampleContext): Promise<void> {
  const [sale] = (await client.run('opportunity.list', { state: 'open', orderBy: 'createdon' })).output;
  const customer = sale?.customer;
  if (customer?.table !== 'account' && customer?.table !== 'contact') return;
  const { table, id, name } = customer;
  await client.run('case.create', {
    title: 'The kettle is on fire',
    customer: { table, id },
    priority: 'high',
  });
  print(`created an urgent case for ${name}`);
}

if (isMainModule(import.meta.filename)) {
  await runExample({
    about: 'Shows open cases of customers with open opportunities; creates a task where one is urgent.',
    options: {},
    async run(context) {
      if (context.sandbox) await createUrgentCase(context);
      await salesAndService(context);
    },
  });
}
