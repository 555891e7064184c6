import { ConnectorError, loadConnector } from 'dynamics365-connector';
import { createSandbox } from 'dynamics365-connector-sandbox';

const sandbox = await createSandbox();
const { organization, authority, app } = sandbox;
const connector = await loadConnector();
const client = connector.connect(
  { orgUrl: organization.origin, tenant: authority.tenantId },
  { kind: 'app', app: { clientId: app.clientId, clientSecret: app.clientSecret ?? '' } },
  { allowLoopback: true, localAuthority: authority.url },
);

const { output: account } = await client.run('account.create', { name: 'Contoso' });
const customer = { table: 'account', id: account.id } as const;
const { output } = await client.run('case.create', { title: 'Printer on fire', priority: 'high', customer });
const id: string = output.id;
const titles: string[] = [];
for await (const row of client.list('case.list', { state: 'active' })) titles.push(row.title ?? '');
if (!titles.includes('Printer on fire')) throw new Error(`case ${id} is not listed`);
const { items } = await client.poll('case.created');
console.log(items.length);

/** Each of these must not compile. */
export async function wrongInputs(): Promise<void> {
  // @ts-expect-error: no such action
  await client.run('case.crate', { title: 'x', customer });
  // @ts-expect-error: an input that is required is missing
  await client.run('case.create', { title: 'x' });
  // @ts-expect-error: not one of the choices
  await client.run('case.create', { title: 'x', customer, priority: 'hgih' });
  // @ts-expect-error: no such input
  await client.run('case.create', { title: 'x', customer, tilte: 'y' });
  // @ts-expect-error: a column that the output does not have
  output.nmuber;
  // @ts-expect-error: no such trigger
  await client.poll('case.craeted');
  // @ts-expect-error: no such option
  await loadConnector({ foldre: '.' });
}

await client.run('case.get', { id: 'no id' }).then(
  () => Promise.reject(new Error('an id must be a GUID')),
  (error: unknown) => {
    if (!(error instanceof ConnectorError) || error.code !== 'INPUT_INVALID') throw error;
  },
);
await sandbox.close();
console.log('ok');
