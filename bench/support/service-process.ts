/** Two servers that run the same action on a sender in memory: bare node:http, and the service. Prints their addresses. */
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HttpSender, loadConnector, Secret, type UntypedOperations } from 'dynamics365-connector';
import { openConnectionStore } from 'dynamics365-connector/node';
import { scopes, startService } from 'dynamics365-connector-service';

const token = `x.${Buffer.from(JSON.stringify({ oid: crypto.randomUUID() })).toString('base64url')}.x`;
const answers = {
  token: JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: 3600 }),
  row: JSON.stringify({
    accountid: '1f3d0c7a-5b1e-4c39-9d55-0a3c1c5d7e90',
    name: 'Fabrikam',
    versionnumber: 1,
  }),
};
const send: HttpSender = async ({ url }) => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: (async function* () {
    yield Buffer.from(url.includes('/token') ? answers.token : answers.row);
  })(),
});

const folder = mkdtempSync(join(tmpdir(), 'd365-bench-'));
const env = { D365_HOME: join(folder, 'home'), D365_KEY_FILE: join(folder, 'key/vault.key') };
const connections = await openConnectionStore({ env });
const settings = { orgUrl: 'https://contoso.crm.dynamics.com', tenant: crypto.randomUUID() };
const clientId = crypto.randomUUID();
await connections.save(
  { name: 'contoso', kind: 'app', settings, clientId },
  { secret: new Secret('secret') },
);
const limits = { maxRequests: 100_000_000, maxExecutionMs: 100_000_000_000 };
const connector = await loadConnector<UntypedOperations>({ send, store: connections.store, limits });
const service = await startService({ connector, connections, port: 0 });
const { key } = await service.keys.create({ name: 'bench', scopes });

const app = { clientId, clientSecret: 'secret' };
const client = connector.connect(settings, { kind: 'app', app });
const bare = createServer(async (request, response) => {
  // The processor time of this process so far, for the benchmark.
  if (request.method === 'GET') return response.end(JSON.stringify(process.cpuUsage()));
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const result = await client.run('account.get', JSON.parse(Buffer.concat(chunks).toString()));
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
});
bare.listen(0, '127.0.0.1');
await once(bare, 'listening');
console.log(
  JSON.stringify({
    bare: `http://127.0.0.1:${(bare.address() as AddressInfo).port}`,
    service: service.url,
    key,
  }),
);
