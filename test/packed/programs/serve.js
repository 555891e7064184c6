// The service as a user starts it in an empty folder: `npx d365 serve`, with an organization on this machine and without.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { d365 } from './start-sandbox.js';

async function serve(folder, ...options) {
  const home = resolve(mkdtempSync('home-'));
  const env = { ...process.env, D365_HOME: home, D365_KEY_FILE: `${home}-keys/vault.key` };
  const args = [d365, 'serve', '--port', '0', '--json', ...options];
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  const { url, key, console: consoleLink } = JSON.parse(line);
  return {
    ...{ url, key, consoleLink },
    async call(path, body) {
      const headers = { authorization: `Bearer ${key}` };
      const response = await fetch(`${url}${path}`, { headers, method: body ? 'POST' : 'GET', body });
      return { status: response.status, body: await response.json() };
    },
    async stop() {
      child.kill('SIGTERM');
      return await once(child, 'exit');
    },
  };
}

const folder = resolve(mkdtempSync('empty-'));
const service = await serve(folder, '--sandbox', '--console');
const base = '/v1/connections/sandbox';
const { body: rows } = await service.call(`${base}/actions/account.list`, '{"limit":2}');
assert.equal(rows.output.length, 2);
const created = await service.call(`${base}/actions/account.create`, '{"name":"Fabrikam"}');
assert.equal(created.body.output.name, 'Fabrikam');
const { body: document } = await service.call('/openapi.json');
assert.ok(document.paths['/v1/connections/{connection}/actions/case.create']);
const { body: swagger } = await service.call(`${base}/swagger.json?actions=case.*`);
assert.equal(swagger.swagger, '2.0');
const wrong = await service.call(`${base}/actions/account.create`, '{"nam":"x"}');
assert.deepEqual([wrong.status, wrong.body.code], [422, 'INPUT_INVALID']);
const opened = await fetch(service.consoleLink, { redirect: 'manual' });
assert.equal(opened.status, 303);
const cookie = opened.headers.get('set-cookie').split(';')[0];
const page = await fetch(new URL(opened.headers.get('location'), service.url), { headers: { cookie } });
assert.match(await page.text(), /<script type="module"/);
assert.deepEqual(await service.stop(), [0, null]);

// Without a connection, the service starts and says what there is.
const empty = await serve(resolve(mkdtempSync('empty-')));
assert.deepEqual((await empty.call('/v1/connections')).body, { connections: [] });
assert.equal((await empty.call('/health')).status, 200);
assert.equal((await empty.call('/v1/connections/acme/actions/account.list', '{}')).body.code, 'CONNECTION_UNKNOWN');
assert.deepEqual(await empty.stop(), [0, null]);
console.log(readdirSync(folder).join(' '), 'ok');
