import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { Secret } from 'dynamics365-connector';
import { openConnectionStore, openPostgres, systemClock } from 'dynamics365-connector/node';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { startPostgres, type TestPostgres } from '../../../test/support/postgres.ts';
import { atScale } from '../../../test/support/soak.ts';
import { shiftIntoPastSql } from '../../worker/test/shift-into-past.ts';
import { openApiKeys, scopes } from '../src/index.ts';
import { createCall } from './fixture.ts';

const program = join(import.meta.dirname, 'service-process.ts');
/** `npm run soak:service` sets larger numbers. */
const killCount = atScale(1, 10);
const rowCount = atScale(20, 200);

/** After this time, the request of a process that was killed may be taken over. */
const answerLeaseMs = 11_000;

/** The processes of a test, which end with it. */
type Processes = Set<ChildProcess>;

/**
 * Starts a service process with the options of this one, so that it finds the compiled manifest; resolves when it listens.
 *
 * @param clockAheadMs how much later its clock is, so that no test has to wait for a lease to end
 */
async function start(
  processes: Processes,
  env: Readonly<Record<string, string>>,
  clockAheadMs = 0,
): Promise<{ child: ChildProcess; address: string }> {
  const child = spawn(process.execPath, [...process.execArgv, program], {
    env: { ...process.env, ...env, CLOCK_AHEAD_MS: String(clockAheadMs) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  processes.add(child);
  const address = await Promise.race([
    once(createInterface(child.stdout!), 'line').then(([line]) => String(line)),
    once(child, 'exit').then(([code]) => {
      throw new Error(`The service ended with exit code ${code} before it listened.`);
    }),
  ]);
  return { child, address };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** Waits for two minutes at most. */
async function waitFor(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let count = 0; count < 1200; count++) {
    if (await isTrue()) return;
    await sleep(100);
  }
}

async function saveConnection(env: Readonly<Record<string, string>>, sandbox: Sandbox): Promise<string> {
  const { app, organization, authority } = sandbox;
  const connections = await openConnectionStore({ env });
  await connections.save(
    {
      name: 'contoso',
      kind: 'app',
      settings: { orgUrl: organization.origin, tenant: authority.tenantId },
      clientId: app.clientId,
      localAuthority: authority.url,
    },
    { secret: new Secret(app.clientSecret!) },
  );
  const { key } = await openApiKeys(connections.store, systemClock).create({ name: 'test', scopes });
  connections.close();
  return key;
}

/** Moves the times of the worker into the past, so that the leases of a process that was killed end at once. */
async function endLeases(url: string): Promise<void> {
  const database = await openPostgres(url);
  await database.query(shiftIntoPastSql(60_000));
  await database.close();
}

describe('service: a process that is killed', () => {
  const processes: Processes = new Set();
  let sandbox: Sandbox;
  let folder: string;
  before(async () => {
    sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }] });
    folder = await mkdtemp(join(tmpdir(), 'd365-killed-'));
  });
  after(async () => {
    for (const each of processes) await kill(each);
    await sandbox.close();
    await rm(folder, { recursive: true });
  });

  it('has written each row once when the requests are sent again with the same keys', async () => {
    const env = { D365_HOME: join(folder, 'home'), D365_KEY_FILE: join(folder, 'keys/vault.key') };
    const key = await saveConnection(env, sandbox);
    const names = Array.from({ length: rowCount }, (_, at) => `Killed ${at}`);
    const waiting = new Set(names);
    let kills = 0;
    while (waiting.size > 0) {
      const { child, address } = await start(processes, env, kills * answerLeaseMs);
      const call = createCall(address, key);
      const dies = kills < killCount;
      kills += 1;
      const send = async (name: string) => {
        const answer = await call('/v1/connections/contoso/actions/account.create', {
          body: { name },
          headers: { 'idempotency-key': name.replace(' ', '-') },
        }).catch(() => undefined);
        if (answer?.status === 200) waiting.delete(name);
        else if (answer !== undefined) expect(answer.status, answer.text).to.equal(409);
      };
      const sending = Promise.all([...waiting].map(send));
      if (dies) await sleep(100 + 150 * kills);
      else await sending;
      await kill(child);
      await sending;
    }
    const { child, address } = await start(processes, env);
    const list = await createCall(address, key)('/v1/connections/contoso/actions/account.list', {
      body: { search: 'Killed', limit: 500 },
    });
    await kill(child);
    const found = (list.body.output as readonly { readonly name: string }[]).map(({ name }) => name);
    expect(found.sort()).to.deep.equal([...names].sort());
  });
});

describe('service: two processes on PostgreSQL', () => {
  let postgres: TestPostgres;
  let sandbox: Sandbox;
  let folder: string;
  let receiver: Server | undefined;
  const processes: Processes = new Set();
  before(async () => {
    [postgres, sandbox] = await Promise.all([
      startPostgres(),
      createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }] }),
    ]);
    folder = await mkdtemp(join(tmpdir(), 'd365-two-'));
  });
  after(async () => {
    for (const each of processes) await kill(each);
    receiver?.close();
    await sandbox.close();
    await postgres.stop();
    await rm(folder, { recursive: true });
  });

  it('share keys, subscriptions and answers; when one is killed, nothing is lost or written twice', async () => {
    const received: string[] = [];
    receiver = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      received.push(
        `${request.headers['webhook-id']} ${(JSON.parse(body) as { data: { item: { row: { name: string } } } }).data.item.row.name}`,
      );
      response.writeHead(204).end();
    });
    receiver.listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    const env = {
      D365_POSTGRES: postgres.url,
      D365_HOME: join(folder, 'home'),
      D365_KEY_FILE: join(folder, 'keys/vault.key'),
    };
    const key = await saveConnection(env, sandbox);
    const [first, second] = await Promise.all([start(processes, env), start(processes, env, answerLeaseMs)]);
    const [callFirst, callSecond] = [createCall(first.address, key), createCall(second.address, key)];
    const { body, status, text } = await callFirst('/v1/subscriptions', {
      body: { connection: 'contoso', trigger: 'account.created', url, every: '1s' },
    });
    expect(status, text).to.equal(201);
    const read = async () => (await callSecond(`/v1/subscriptions/${body.id}`)).body;
    await waitFor(async () => (await read()).polledAgoMs !== undefined);
    const create = async (name: string, call = callSecond) =>
      await call('/v1/connections/contoso/actions/account.create', {
        body: { name },
        headers: { 'idempotency-key': name },
      }).catch(() => undefined);
    const names = Array.from({ length: rowCount }, (_, at) => `shared-${at}`);
    const sending = Promise.all(names.map((name, at) => create(name, at % 2 === 0 ? callFirst : callSecond)));
    await sleep(300);
    await kill(first.child);
    await sending;
    await endLeases(postgres.url);
    const missing = new Set(names);
    for (let count = 0; count < 60 && missing.size > 0; count++) {
      for (const name of missing) if ((await create(name))?.status === 200) missing.delete(name);
      if (missing.size > 0) await sleep(1000);
    }
    expect([...missing]).to.deep.equal([]);
    const delivered = () => new Set(received.map((line) => line.split(' ')[1]));
    await waitFor(() => delivered().size === names.length);
    expect([...delivered()].sort()).to.deep.equal([...names].sort());
    const idsByName = new Map(received.map((line) => line.split(' ').reverse() as [string, string]));
    expect(new Set(received).size, 'a repeated delivery has the same id').to.equal(idsByName.size);
    await kill(second.child);
  });
});
