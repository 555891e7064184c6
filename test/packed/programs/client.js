// A client of a sandbox that runs in another process.
import assert from 'node:assert/strict';
import { loadConnector } from 'dynamics365-connector';

const { ORG_URL: orgUrl, AUTHORITY: localAuthority, TENANT: tenant } = process.env;
const { CLIENT_ID: clientId, CLIENT_SECRET: clientSecret } = process.env;
const connector = await loadConnector();
const client = connector.connect(
  { orgUrl, tenant },
  { kind: 'app', app: { clientId, clientSecret } },
  { allowLoopback: true, localAuthority },
);
const before = await client.poll('case.created');
const { output: account } = await client.run('account.create', { name: 'Contoso' });
const title = 'Printer on fire';
await client.run('case.create', { title, customer: { table: 'account', id: account.id } });
const titles = [];
for await (const row of client.list('case.list', { state: 'active' })) titles.push(row.title);
assert.ok(titles.includes(title));
const { items } = await client.poll('case.created', {}, before.checkpoint);
assert.deepEqual(items.map(({ row }) => row.title), [title]);

console.log('ok');
