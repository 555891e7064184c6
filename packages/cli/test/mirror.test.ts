import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { mirrorProcessSettings } from 'dynamics365-connector-mirror';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { runCli, startCli } from './run-cli.ts';
import { runProgram } from './run-program.ts';

const config = `
connection: { saved: contoso }
target: { sqlite: ./crm.sqlite }
tables:
  case:
  account: { columns: [name, number, revenue], deletes: keep }
`;

describe('d365: mirror', () => {
  let sandbox: Sandbox;
  let folder: string;
  before(async () => {
    sandbox = await createSandbox();
    folder = await mkdtemp(join(tmpdir(), 'd365-mirror-'));
    await writeFile(join(folder, 'mirror.yaml'), config);
    const { app, organization, authority } = sandbox;
    const command = `connect contoso --app --org ${organization.origin} --client-id ${app.clientId}`;
    const credentials = `--tenant ${authority.tenantId} --authority ${authority.url} --secret-stdin`;
    const connected = await runProgram(`${command} ${credentials}`.split(' '), {
      folder,
      stdin: app.clientSecret!,
    });
    expect(connected.exitCode, connected.stderr).to.equal(0);
  });
  after(async () => {
    await sandbox.close();
    await rm(folder, { recursive: true });
  });
  const d365 = (line: string) =>
    runCli([...line.split(' '), '--config', join(folder, 'mirror.yaml')], { folder });
  const query = (sql: string) => {
    const database = new DatabaseSync(join(folder, 'crm.sqlite'));
    try {
      return database.prepare(sql).all();
    } finally {
      database.close();
    }
  };

  it('--once copies the tables with labels, and applies changes and deletions on the next run', async () => {
    const first = await d365('mirror --once');
    expect(first.exitCode, first.stderr).to.equal(0);
    const { store } = sandbox.organization;
    const cases = store.count('incident');
    expect(query('SELECT count(*) AS n FROM incident')).to.deep.equal([{ n: cases }]);
    const [labeled] = query(
      'SELECT DISTINCT statecode_label AS label FROM incident_labeled WHERE statecode = 0',
    );
    expect(labeled).to.deep.equal({ label: 'Active' });
    const [account] = query('SELECT accountid AS id FROM account LIMIT 1') as [{ id: string }];
    store.delete('account', account.id);
    expect((await d365('mirror --once')).exitCode).to.equal(0);
    expect(query(`SELECT count(*) AS n FROM account WHERE _deleted_at IS NOT NULL`)).to.deep.equal([
      { n: 1 },
    ]);
  });

  it('run follows changes with the settings of Node.js that keep its memory small, until SIGTERM', async () => {
    const child = await startCli(['mirror', '--config', join(folder, 'mirror.yaml')], { folder });
    try {
      let stderr = '';
      for await (const chunk of child.stderr) {
        stderr += chunk;
        if (stderr.split('following changes').length > 2) break;
      }
      const commandLine = `/proc/${child.pid}/cmdline`;
      if (existsSync(commandLine))
        expect(readFileSync(commandLine, 'utf8').split('\0')).to.include.members([
          ...mirrorProcessSettings.flags,
        ]);
      child.kill('SIGTERM');
      expect((await once(child, 'exit'))[0], stderr).to.equal(0);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('verify finds a cell that was changed in the target, and --repair writes it again', async () => {
    query(
      `UPDATE incident SET title = 'changed by hand' WHERE incidentid = (SELECT min(incidentid) FROM incident)`,
    );
    const found = await d365('mirror verify case --json');
    expect(JSON.parse(found.stdout)).to.include({ table: 'incident', wrong: 1, missing: 0, extra: 0 });
    expect(found.exitCode).to.equal(1);
    const repaired = await d365('mirror verify case --repair --cells --json');
    expect(JSON.parse(repaired.stdout)).to.include({ wrong: 1, repaired: 1 });
    expect(query(`SELECT count(*) AS n FROM incident WHERE title = 'changed by hand'`)).to.deep.equal([
      { n: 0 },
    ]);
  });

  it('status prints rows and state of each table', async () => {
    const { stdout } = await d365('mirror status --json');
    const tables = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(tables.map(({ table, phase }) => [table, phase])).to.deep.equal([
      ['account', 'follow'],
      ['incident', 'follow'],
    ]);
  });

  it('forget removes a row that was deleted in the organization, also one that is kept as deleted', async () => {
    const [account] = query('SELECT accountid AS id FROM account WHERE _deleted_at IS NOT NULL') as [
      { id: string },
    ];
    const file = join(folder, 'mirror.yaml');
    const { stdout, stderr } = await runProgram(
      ['forget', 'account', account.id, '--mirror', file, '--json'],
      {
        folder,
      },
    );
    const { places } = JSON.parse(stdout) as { places: { place: string; removed: number }[] };
    expect(places, stderr).to.deep.include({ place: file, removed: 1 });
    expect(query(`SELECT count(*) AS n FROM account WHERE accountid = '${account.id}'`)).to.deep.equal([
      { n: 0 },
    ]);
  });

  it('reports the mistakes of mirror.yaml with line and fix', async () => {
    await writeFile(join(folder, 'wrong.yaml'), config.replace('sqlite: ./crm.sqlite', 'schema: crm'));
    const { stderr, exitCode } = await runCli(['mirror', '--config', join(folder, 'wrong.yaml')], { folder });
    expect(exitCode).to.equal(8);
    expect(stderr).to.include('R101').and.to.include('there is no target');
    await writeFile(join(folder, 'wrong.yaml'), config.replace('{ saved: contoso }', 'contoso'));
    const connection = await runCli(['mirror', '--config', join(folder, 'wrong.yaml')], { folder });
    expect(connection.stderr).to.include('for example { saved: contoso }');
    await writeFile(join(folder, 'wrong.yaml'), config.replace('revenue', 'revenu'));
    const column = await runCli(['mirror', '--once', '--config', join(folder, 'wrong.yaml')], { folder });
    expect(column.stderr).to.include('The table account has no column "revenu".').and.to.include('"revenue"');
  });
});
