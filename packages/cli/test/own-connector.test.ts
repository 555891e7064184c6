import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { runCli, startCli } from './run-cli.ts';
import { runProgram } from './run-program.ts';
import { smallConnector, writeFiles } from './small-connector.ts';

const files = {
  ...smallConnector,
  'own/schemas/tables/visit.yaml': `required: [number]
properties: { number: { title: Number, type: string, maxLength: 20, x-column: new_number } }
`,
  'own/actions/visit.approve.yaml': `title: Approve visit
description: Approves a visit.
request: { method: POST, path: /new_Approve }
tests:
  - { name: it takes nothing, input: { a: 1 }, fails: { code: INPUT_INVALID } }
`,
  'worker.yaml': `manifest: ./own
connections: { main: { env: MAIN } }
subscriptions: { visits: { connection: main, trigger: visit.created, deliver: { stdout: true } } }
`,
};

describe("d365 with a connector of one's own", () => {
  let folder: string;
  let own: string;
  beforeEach(() => {
    folder = writeFiles(files);
    own = join(folder, 'own');
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  /** A command with the variable and with the connections of the folder. */
  const run = (...args: readonly string[]) => runProgram(args, { folder, env: { D365_MANIFEST: own } });
  /** A command that reads and writes the manifest only. */
  const author = (...args: readonly string[]) => runProgram([...args, '--manifest', own]);

  it('is read by every command from D365_MANIFEST', async () => {
    const checked = await run('check');
    expect(checked.exitCode, checked.stdout).to.equal(0);
    expect(checked.stderr).to.contain('own 1.2.0: 2 actions, 0 triggers, 1 tables');
    const { stdout } = await run('describe');
    expect(stdout).to.match(/visit\.approve\taction\tApprove visit/);
    expect(stdout).to.match(/visit\.create\taction\tCreate visit\tsmall-base/);
    const explained = await run('explain', 'visit.approve');
    expect(explained.stdout).to.contain('/new_Approve');
    expect(explained.stderr).to.contain('defined in actions/visit.approve.yaml');
    const created = await run('explain', 'visit.create', '--set', 'number=1', '--json');
    expect(JSON.parse(created.stdout)).to.include({ from: 'small-base', file: 'actions/_.create.yaml' });
  });

  it('test: runs the tests of the base with the base alone', async () => {
    const { exitCode, stdout } = await author('test', '--json');
    expect(exitCode, stdout).to.equal(0);
    const results = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { name: string; file: string });
    const fileOf = (name: string) => results.filter((one) => one.name === name).map(({ file }) => file);
    expect(fileOf('a name is text')).to.deep.equal(['actions/_.create.yaml of small-base']);
    expect(fileOf('it takes nothing')).to.deep.equal(['actions/visit.approve.yaml']);
  });

  it('build: is loaded from then on, and refused by name if a file has changed', async () => {
    const built = await author('build');
    expect(built.stderr).to.contain('built own 1.2.0, which extends small-base 1.0.0');
    expect((await author('explain', 'visit.approve')).exitCode).to.equal(0);
    writeFileSync(
      join(own, 'actions/visit.approve.yaml'),
      files['own/actions/visit.approve.yaml'].replace('Approve', 'X'),
    );
    for (const command of [['explain', 'visit.approve'], ['describe'], ['test']]) {
      const { exitCode, stderr } = await author(...command);
      expect(exitCode, command[0]).to.equal(2);
      expect(stderr).to.contain('other files of own 1.2.0: actions/visit.approve.yaml is changed');
    }
    const checked = await author('check');
    expect(checked.exitCode).to.equal(1);
    expect(checked.stdout).to.contain('E118');
  });

  it('sandbox: has the tables and columns of the manifest', async () => {
    const sandbox = await startCli(['sandbox', '--empty', '--json', '--manifest', own], { folder });
    try {
      await once(sandbox.stdout, 'data');
      const connection = ['--connection', 'sandbox', '--json'];
      const { exitCode, stdout, stderr } = await run(
        'run',
        'visit.create',
        '--set',
        'number=N1',
        ...connection,
      );
      expect(exitCode, stderr).to.equal(0);
      expect(JSON.parse(stdout)).to.have.nested.property('output.number', 'N1');
    } finally {
      sandbox.kill('SIGTERM');
      await once(sandbox, 'close');
    }
  });

  it('learn: writes the columns that the organization adds to a table, and keeps what the author changes', async () => {
    const sandbox = await startCli(['sandbox', '--empty', '--json', '--manifest', own], { folder });
    const learned = join(folder, 'learned');
    const file = join(learned, 'schemas/tables/visit.yaml');
    const learn = () => run('learn', 'visit', '--connection', 'sandbox', '--manifest', learned);
    try {
      await once(sandbox.stdout, 'data');
      mkdirSync(learned);
      writeFileSync(join(learned, 'connector.yaml'), files['own/connector.yaml']);
      const { exitCode, stdout, stderr } = await learn();
      expect(exitCode, stderr).to.equal(0);
      expect(stdout).to.contain('schemas/tables/visit.yaml  new').and.to.contain('number');
      const text = readFileSync(file, 'utf8');
      expect(text).to.contain('x-column: new_number');
      writeFileSync(file, text.replace('title: Number', 'title: No.'));
      expect((await learn()).stdout).to.contain('kept as you wrote it: number');
      expect(readFileSync(file, 'utf8')).to.contain('title: No.');
      for (const command of ['check', 'test']) {
        const done = await runProgram([command, '--manifest', learned]);
        expect(done.exitCode, done.stdout + done.stderr).to.equal(0);
      }
    } finally {
      sandbox.kill('SIGTERM');
      await once(sandbox, 'close');
    }
  });

  it('learn: needs a connector of your own', async () => {
    const none = await runProgram(['learn']);
    expect(none.exitCode).to.equal(8);
    expect(none.stderr).to.contain('--manifest <folder>');
  });

  it('worker: refuses two manifests', async () => {
    const file = join(folder, 'worker.yaml');
    // It starts itself again with the settings of a worker, so not in the process of the tests.
    const other = await runCli(['worker', '--config', file, '--manifest', join(folder, 'base')], {
      folder,
      env: { D365_MANIFEST: own },
    });
    expect(other.exitCode).to.equal(8);
    expect(other.stderr).to.contain('has the manifest');
    // The manifest of the file is read: it has no such trigger.
    const { stdout, stderr } = await runCli(['worker', '--config', file], {
      folder,
      env: { MAIN_ORG_URL: 'https://contoso.crm.dynamics.com', MAIN_ACCESS_TOKEN: 'x' },
    });
    expect(stdout + stderr).to.contain('there is no trigger "visit.created"');
  });
});
