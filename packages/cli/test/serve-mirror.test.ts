import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { startCli } from './run-cli.ts';

const config = `
connection: { saved: sandbox }
target: { sqlite: ./crm.sqlite }
tables: { account: { columns: [name] } }
every: 1h
`;

describe('d365: serve --mirror', function () {
  this.timeout(300_000);
  let folder: string;
  let child: ChildProcess | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'd365-serve-mirror-'));
    await writeFile(join(folder, 'mirror.yaml'), config);
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });

  it('runs the mirror, shows and compares it, and reads a change when a webhook tells of it', async () => {
    const args = ['serve', '--sandbox', '--port', '0', '--json', '--mirror', join(folder, 'mirror.yaml')];
    const running = await startCli(args, { folder });
    child = running;
    running.stderr.resume();
    const [line] = (await once(createInterface(running.stdout), 'line')) as [string];
    const { url, key } = JSON.parse(line) as Record<'url' | 'key', string>;
    const call = async (path: string, body?: object) => {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      const method = body === undefined ? 'GET' : 'POST';
      const response = await fetch(`${url}${path}`, { headers, method, body: body && JSON.stringify(body) });
      return (await response.json()) as JsonObject;
    };
    const until = async (isDone: () => Promise<boolean>) => {
      while (!(await isDone())) await sleep(200);
    };
    const tableOf = async () => ((await call('/v1/mirror')).tables as JsonObject[])[0];
    await until(async () => (await tableOf())?.phase === 'follow');
    const rows = Number((await tableOf())!.rows);
    expect(rows).to.be.greaterThan(0);

    const count = (sql: string) => {
      const database = new DatabaseSync(join(folder, 'crm.sqlite'), { timeout: 60_000 });
      try {
        return database.prepare(sql).all().length;
      } finally {
        database.close();
      }
    };
    const subscription = { connection: 'sandbox', trigger: 'account.created', url: 'http://127.0.0.1:9/x' };
    const { id } = await call('/v1/subscriptions', { ...subscription, push: true });
    await until(async () => {
      const { state, webhooks } = await call(`/v1/subscriptions/${id}`);
      return state === 'active' && webhooks !== undefined;
    });
    await call('/v1/connections/sandbox/actions/account.create', { name: 'Woken' });
    // Without a webhook, the mirror would read it an hour later.
    await until(async () => count("SELECT 1 FROM account WHERE name = 'Woken'") === 1);

    const difference = { table: 'account', missing: 0, extra: 0, wrong: 0, repaired: 0 };
    const verified = await call('/v1/mirror/verify', {});
    expect(verified).to.deep.equal({ tables: [{ ...difference, compared: rows + 1 }] });
    count("UPDATE account SET name = 'Forged' WHERE name = 'Woken'");
    const repaired = await call('/v1/mirror/verify', { repair: true });
    expect(repaired).to.deep.equal({
      tables: [{ ...difference, compared: rows + 1, wrong: 1, repaired: 1 }],
    });
    expect(count("SELECT 1 FROM account WHERE name = 'Woken'")).to.equal(1);
    await until(async () => (await call('/v1/mirror')).state === 'running');
    expect(await call('/v1/mirror/verify', { cell: true })).to.include({ code: 'INPUT_INVALID' });

    running.kill('SIGTERM');
    expect(await once(running, 'exit')).to.deep.equal([0, null]);
  });
});
