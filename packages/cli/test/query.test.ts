import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { runProgram } from './run-program.ts';

describe('d365: query, metadata, types', () => {
  let sandbox: Sandbox;
  let folder: string;
  before(async () => {
    sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'sample' }] });
    folder = await mkdtemp(join(tmpdir(), 'd365-'));
    const { origin } = sandbox.organization;
    const endpoints = ['--authority', sandbox.authority.url, '--discovery', sandbox.discovery.url];
    const app = ['--app', '--client-id', sandbox.app.clientId, '--tenant', sandbox.authority.tenantId];
    const connected = await d365(['connect', 'me', '--org', origin, ...app, ...endpoints]);
    expect(connected.exitCode, connected.stderr).to.equal(0);
  });
  after(async () => {
    await sandbox.close();
    await rm(folder, { recursive: true });
  });

  const d365 = (args: readonly string[]) =>
    runProgram(args, { folder, env: { D365_CLIENT_SECRET: sandbox.app.secrets[0]!.value } });
  const file = (name: string) => join(folder, name);

  it('query: prints the correction and the rows', async () => {
    const { exitCode, stdout, stderr } = await d365([
      'query',
      'incidents',
      '--filter',
      'prioritycode eq High',
      '--select',
      'title',
      '--top',
      '2',
      '--json',
    ]);
    expect(exitCode, stderr).to.equal(0);
    expect(stderr).to.contain('prioritycode eq 1');
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).to.have.length(2);
    for (const row of rows) expect(row).to.have.all.keys('incidentid', 'title');
  });

  it('query: does not run a query that it cannot correct', async () => {
    const { exitCode, stdout, stderr } = await d365(['query', 'incidents', '--filter', '1 eq 1']);
    expect([exitCode, stdout]).to.deep.equal([2, '']);
    expect(stderr).to.contain('$filter:1:1  error  Q123');
  });

  it('metadata pull: saves a snapshot that query, check and types use without network', async () => {
    const pulled = await d365(['metadata', 'pull', 'competitor', 'nothing', '--out', file('tables.jsonl')]);
    expect(pulled.exitCode, pulled.stderr).to.equal(0);
    expect(pulled.stderr).to.contain('This organization lacks: nothing');
    expect(await readFile(file('tables.jsonl'), 'utf8')).to.contain('"name":"competitor"');

    const checked = await d365([
      'query',
      'competitor',
      '--filter',
      "nam eq 'x'",
      '--metadata',
      file('tables.jsonl'),
    ]);
    expect(checked.stderr).to.contain("name eq 'x'");
    expect(checked.exitCode).to.equal(0);

    const linted = await d365(['check', '--metadata', file('tables.jsonl'), '--format', 'json']);
    expect(linted.exitCode).to.equal(0);
    expect(
      JSON.parse(linted.stdout).every(({ severity }: { severity: string }) => severity === 'warning'),
    ).to.equal(true);

    const typed = await d365(['types', '--metadata', file('tables.jsonl'), '--out', file('operations.ts')]);
    expect(typed.exitCode, typed.stderr).to.equal(0);
    const written = await readFile(file('operations.ts'), 'utf8');
    expect(written).to.contain("readonly 'case.create': {").and.to.contain('readonly competitor: {');
  });

  it('query --metadata: rejects a file that is not a snapshot', async () => {
    await writeFile(file('other.txt'), 'hello');
    const { exitCode, stderr } = await d365([
      'query',
      'incident',
      '--filter',
      'a eq 1',
      '--metadata',
      file('other.txt'),
    ]);
    expect(exitCode).to.equal(8);
    expect(stderr).to.contain('SETTING_INVALID');
  });
});
