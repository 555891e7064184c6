import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { startCli } from './run-cli.ts';
import { runProgram } from './run-program.ts';
import { smallConnector, writeFiles } from './small-connector.ts';

describe('d365 new', () => {
  let folder: string;
  let own: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'd365-new-'));
    own = join(folder, 'contoso-service');
    const { exitCode, stderr } = await runProgram(['new', 'connector', own]);
    expect(exitCode, stderr).to.equal(0);
  });
  after(() => rmSync(folder, { recursive: true }));
  const create = (...args: readonly string[]) => runProgram(['new', ...args, '--manifest', own]);

  it('writes a connector that has everything of ours', async () => {
    expect((await runProgram(['check', '--strict', '--manifest', own])).exitCode).to.equal(0);
    expect(readFileSync(join(own, 'package.json'), 'utf8')).to.contain('"dynamics365-connector-cli": "^0');
    expect(existsSync(join(own, '.gitignore'))).to.equal(true);
  });

  it('overwrites nothing', async () => {
    const again = await runProgram(['new', 'connector', own]);
    expect(again.exitCode).to.equal(8);
    expect(again.stderr).to.contain('is not empty');
    expect((await create('action', 'contact.greet')).exitCode).to.equal(0);
    const file = join(own, 'actions/contact.greet.yaml');
    const text = readFileSync(file, 'utf8');
    const second = await create('action', 'contact.greet');
    expect(second.exitCode).to.equal(2);
    expect(second.stderr).to.contain('actions/contact.greet.yaml already');
    expect(readFileSync(file, 'utf8')).to.equal(text);
  });

  it('refuses other kinds of files', async () => {
    const { exitCode, stderr } = await create('query', 'x');
    expect(exitCode).to.equal(2);
    expect(stderr).to.contain('connector, action, trigger, table');
  });
});

describe('d365 dev', () => {
  it('checks at once, and prints the request and tests the operations of a file that is saved', async () => {
    const folder = writeFiles(smallConnector);
    const own = join(folder, 'own');
    await runProgram(['new', 'action', 'visit.welcome', '--manifest', own]);
    const file = join(own, 'actions/visit.welcome.yaml');
    const text = readFileSync(file, 'utf8');
    const child = await startCli(['dev', '--manifest', own], { folder });
    let output = '';
    const waitFor = async (expected: RegExp) => {
      while (!expected.test(output)) output += String((await once(child.stderr, 'data'))[0]);
      output = '';
    };
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    try {
      await waitFor(/own 1\.2\.0: /);
      writeFileSync(file, text.replace('method: PATCH', 'method: GET'));
      await waitFor(/visit\.welcome\.yaml changed\n(.*\n)*\d+ passed, 1 failed/);
      writeFileSync(file, text);
      await waitFor(/visit\.welcome\.yaml changed\n(.*\n)*\d+ passed, 0 failed/);
      expect(stdout)
        .to.contain('visit.welcome')
        .and.to.match(/PATCH https:\/\/\S+\/new_visits\(/);
    } finally {
      child.kill('SIGTERM');
      await once(child, 'close');
      rmSync(folder, { recursive: true });
    }
  });
});

describe('d365 explain-code', () => {
  it('prints the documentation of a code from the installed package', async () => {
    const { exitCode, stdout } = await runProgram(['explain-code', 'M103']);
    expect(exitCode).to.equal(0);
    expect(stdout).to.match(/^### M103\n/);
  });
});
