import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { cliCommand, cliEnvironment, runCli, startCli } from './run-cli.ts';
import { runProgram } from './run-program.ts';

describe('d365: commands', () => {
  let sandbox: Sandbox;
  let folder: string;
  before(async () => {
    sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'sample' }] });
    folder = await mkdtemp(join(tmpdir(), 'd365-'));
    await connect();
  });
  after(async () => {
    await sandbox.close();
    await rm(folder, { recursive: true });
  });

  const d365 = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    runProgram(args, { folder, env });
  const connect = async () => {
    const endpoints = ['--authority', sandbox.authority.url, '--discovery', sandbox.discovery.url];
    const app = ['--app', '--client-id', sandbox.app.clientId, '--tenant', sandbox.authority.tenantId];
    const connected = await d365(
      ['connect', 'me', '--org', sandbox.organization.origin, ...app, ...endpoints],
      {
        D365_CLIENT_SECRET: sandbox.app.secrets[0]!.value,
      },
    );
    expect(connected.exitCode, connected.stderr).to.equal(0);
  };

  it('poll: reports the rows of any table, and takes --resume', async () => {
    const poll = (table: string, checkpoint: readonly string[] = []) =>
      d365([
        'poll',
        'record.created',
        '--connection',
        'me',
        '--json',
        '--set',
        `table=${table}`,
        ...checkpoint,
      ]);
    for (const table of ['task', 'account']) {
      const { exitCode, stderr } = await poll(table, ['--checkpoint', join(folder, `${table}.json`)]);
      expect(exitCode, stderr).to.equal(0);
    }
    const actor = { userId: sandbox.organization.findSystemUserId(sandbox.user)! };
    const { id } = sandbox.organization.store.insert('task', { subject: 'Call' }, actor);
    const { stdout } = await poll('task', ['--checkpoint', join(folder, 'task.json'), '--resume']);
    const item = JSON.parse(stdout) as { readonly row: object };
    expect(item.row).to.include({ activityid: id, subject: 'Call' });
  });

  it('run: reads --set by the type of a column that only the organization has', async () => {
    const { store } = sandbox.organization;
    const code = {
      logicalName: 'new_code',
      schemaName: 'new_Code',
      displayName: 'Code',
      type: 'String',
    } as const;
    const column = {
      ...code,
      maxLength: 20,
      required: 'None',
      validForCreate: true,
      validForUpdate: true,
    } as const;
    store.addColumn('account', column);
    store.addKey('account', 'new_codes', ['new_code']);
    const run = async (action: string, ...assignments: readonly string[]) => {
      const set = assignments.flatMap((assignment) => ['--set', assignment]);
      const { stdout, stderr } = await d365(['run', action, '--connection', 'me', '--json', ...set]);
      expect(stdout, stderr).to.match(/^\{/);
      return (JSON.parse(stdout) as { readonly output: { readonly id: string } }).output;
    };
    const codeOf = ({ id }: { readonly id: string }) => store.read('account', id)?.values.new_code;
    const typed = await run('account.create', 'name=A', 'customColumns.new_code=100200');
    expect(codeOf(typed)).to.equal('100200');
    const generic = await run('record.create', 'table=account', 'values.name=2024', 'values.new_code=1e5');
    expect(codeOf(generic)).to.equal('1e5');
    const upserted = await run('record.upsert', 'table=account', 'key.new_code=100200', 'values.name=B');
    expect(upserted.id).to.equal(typed.id);
  });

  it('run: prints long texts in full, without control characters', async () => {
    const accounts = await d365(['list', 'account.list', '--json', '--set', 'limit=1']);
    const { id: customer } = JSON.parse(accounts.stdout) as { readonly id: string };
    const description = `\u001b]0;pwned\u0007${'long '.repeat(40)}end`;
    const input = { title: '\u001b[31mred', description, customer: { table: 'account', id: customer } };
    const { exitCode, stdout, stderr } = await d365(['run', 'case.create', '--input', JSON.stringify(input)]);
    expect(exitCode, stderr).to.equal(0);
    expect(stdout).to.contain('long end').and.contain('[31mred');
    expect(stdout).not.to.match(/[^\P{Cc}\t\n]/u);
  });

  it('run: passes call options on, and exits with 4 if a row is rejected', async () => {
    const created = await d365(['run', 'account.create', '--json', '--set', 'name=Versioned']);
    const { output } = JSON.parse(created.stdout) as { output: { id: string; version: string } };
    const change = ['run', 'account.update', '--json', '--set', `id=${output.id}`, '--set', 'city=Berlin'];
    const version = ['--if-version', String(output.version)];
    const first = await d365([...change, ...version]);
    expect(first.exitCode, first.stderr).to.equal(0);
    const stale = await d365([...change, ...version]);
    expect(stale.exitCode).to.equal(4);
    expect(stale.stderr + stale.stdout).to.contain('CONFLICT');
    const invalid = await d365([...change, '--bypass-logic', 'all', '--as-user', 'me']);
    expect(invalid.exitCode).to.equal(2);
    const rows = JSON.stringify({ rows: [{ name: 'Fine' }, { name: 'x'.repeat(1000) }] });
    const many = await d365(['run', 'account.create-many', '--json', '--input', rows]);
    const report = JSON.parse(many.stdout) as { output: { failed: readonly unknown[] } };
    expect([many.exitCode, report.output.failed.length]).to.deep.equal([4, 1]);
  });

  it('list: prints the same columns in a pipe for every filter, and CSV of chosen ones', async () => {
    const head = async (...args: readonly string[]) => {
      const { exitCode, stdout, stderr } = await d365(['list', 'case.list', '--set', 'limit=2', ...args]);
      expect(exitCode, stderr).to.equal(0);
      return stdout.split('\n');
    };
    const [all = ''] = await head();
    const [none] = await head('--set', 'search=nothing has this title');
    expect(all.split('\t')).to.include.members(['id', 'title', 'entitlement', 'version']);
    expect(none).to.equal(all);
    const csv = await head('--csv', '--columns', 'number,customer.table');
    expect(csv[0]).to.equal('number,customer.table');
    expect(csv[1]).to.match(/^CAS-[\w-]+,(account|contact)$/);
    const { exitCode, stderr } = await d365(['list', 'case.list', '--columns', 'titel']);
    expect(exitCode).to.equal(2);
    expect(stderr).to.contain('Did you mean title');
  });

  (existsSync('/dev/full') ? it : it.skip)(
    'list: exits with 8 and one line when the disk is full',
    async () => {
      const { command, args } = await cliCommand(['list', 'case.list', '--json']);
      const full = openSync('/dev/full', 'w');
      const env = { ...process.env, ...cliEnvironment(folder) };
      const child = spawn(command, args, { env, stdio: ['ignore', full, 'pipe'] });
      const [stderr, [exitCode]] = await Promise.all([text(child.stderr as Readable), once(child, 'close')]);
      closeSync(full);
      expect(stderr).to.equal('d365: the output cannot be written (ENOSPC), so it is incomplete.\n');
      expect(exitCode).to.equal(8);
    },
  );

  it('run: --verbose prints requests without ids, queries and secrets', async () => {
    const { stdout } = await d365(['list', 'case.list', '--json', '--set', 'limit=1']);
    const { id } = JSON.parse(stdout) as { readonly id: string };
    const { stderr } = await runCli(['run', 'case.get', '--verbose', '--set', `id=${id}`], { folder });
    expect(stderr).to.match(/http\.attempt.*method=GET.*path=\S*\/incidents\(…\).*status=200/);
    expect(stderr)
      .not.to.include(id)
      .and.not.match(/eyJ|Bearer|\$select/);
  });

  it('run: after Ctrl+C in a bulk write, the same command with its key writes no row twice', async () => {
    const count = 3000;
    const rows = Array.from({ length: count }, (_, at) => ({ name: `Interrupted ${at}` }));
    const file = join(folder, 'rows.json');
    await writeFile(file, JSON.stringify({ rows }));
    const written = () =>
      sandbox.organization.store
        .query('account', {
          actor: { userId: sandbox.organization.findSystemUserId(sandbox.user)! },
        })
        .rows.filter(({ values }) => String(values.name).startsWith('Interrupted ')).length;
    sandbox.organization.faults.add({ kind: 'delay', ms: 700, times: Number.POSITIVE_INFINITY });
    const run = ['run', 'account.create-many', '--input', `@${file}`];
    const child = await startCli(run, { folder });
    while (written() === 0) await setImmediate();
    child.kill('SIGINT');
    const [stderr, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    sandbox.organization.faults.clear();
    expect(exitCode, stderr).to.equal(130);
    const [, key = ''] = /--key (\S+)\./.exec(stderr) ?? [];
    expect(stderr).to.match(/Stopped: \d+ of 3000 rows are done/);
    const resumed = await d365([...run, '--key', key]);
    expect(resumed.exitCode, resumed.stderr).to.equal(0);
    expect(written()).to.equal(count);
  });

  it('use, connections, open: choose the default connection, and print the address of a row', async () => {
    expect((await d365(['use', 'nobody'])).exitCode).to.equal(3);
    expect((await d365(['use', 'me'])).exitCode).to.equal(0);
    expect((await d365(['connections'])).stdout).to.match(/^me\t.*\tyes$/m);
    const { stdout: list } = await d365(['list', 'case.list', '--json', '--set', 'limit=1']);
    const { id, number } = JSON.parse(list) as { readonly id: string; readonly number: string };
    for (const row of [id, number]) {
      const { stdout, stderr } = await d365(['open', 'case', row]);
      expect(stdout, stderr).to.equal(
        `${sandbox.organization.origin}/main.aspx?pagetype=entityrecord&etn=incident&id=${id}\n`,
      );
    }
    expect((await d365(['open', 'case', 'no such number'])).exitCode).to.equal(4);
  });

  it('test: fails if no operation matches the pattern', async () => {
    const { exitCode, stderr } = await d365(['test', 'case.nothing']);
    expect(exitCode).to.equal(2);
    expect(stderr).to.contain('OPERATION_UNKNOWN').and.contain('case.nothing');
  });

  it('describe --expanded: suggests the nearest operation', async () => {
    const { exitCode, stderr } = await d365(['describe', 'case.creat', '--expanded']);
    expect(exitCode).to.equal(2);
    expect(stderr).to.contain('Did you mean case.create');
  });

  it('sandbox: stops if its connection cannot be saved', async () => {
    const file = join(folder, 'no-folder');
    await writeFile(file, '');
    const { exitCode, stdout, stderr } = await runCli(['sandbox', '--empty'], {
      folder,
      env: { D365_HOME: file },
    });
    expect([exitCode, stdout]).to.deep.equal([8, '']);
    expect(stderr).to.contain('STORE_FAILED');
  });

  it('sandbox: names the file that it cannot open', async () => {
    const file = join(folder, 'not/there.sqlite');
    const { exitCode, stderr } = await d365(['sandbox', '--file', file]);
    expect(exitCode).to.equal(8);
    expect(stderr).to.contain('SETTING_INVALID').and.contain(file);
  });
});
