import { ConnectorError, loadConnector } from 'dynamics365-connector';

const connector = await loadConnector();
const client = connector.connect(
  { orgUrl: 'https://contoso.crm.dynamics.com', tenant: 'contoso.onmicrosoft.com' },
  {
    kind: 'app',
    app: { clientId: process.env.CLIENT_ID ?? '', clientSecret: process.env.CLIENT_SECRET ?? '' },
  },
);

try {
  const { output: accounts } = await client.run('account.list', { search: 'Contoso', limit: 1 });
  const [account] = accounts;
  if (account === undefined) throw new Error('There is no account named Contoso.');
  const { output } = await client.run(
    'case.create',
    { title: 'Printer on fire', priority: 'high', customer: { table: 'account', id: account.id } },
    { idempotencyKey: 'order-4711' }, // safe to repeat, also after a crash
  );
  console.log(output.number);

  for await (const row of client.list('case.list', { state: 'active' })) console.log(row.title);

  const start = await client.poll('case.created'); // the first poll only records where to start
  const { items } = await client.poll('case.created', {}, start.checkpoint);
  for (const { id, row } of items) console.log(id, row.title); // deliver them, then keep the checkpoint
} catch (error) {
  if (!(error instanceof ConnectorError)) throw error;
  console.error(error.code, error.message, error.advice); // a stable code, and what to do next
}
