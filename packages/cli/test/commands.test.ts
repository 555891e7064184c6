import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { runCli } from './run-cli.ts';

describe('d365: commands', function () {
  this.timeout(60_000);
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
    runCli(args, { folder, env });
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
    const { exitCode, stdout, stderr } = await d365(['sandbox', '--empty'], { D365_HOME: file });
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
