import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { cliCommand, cliEnvironment, runCli } from './run-cli.ts';

describe('d365 completion', function () {
  this.timeout(60_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'd365-completion-'));
  });
  after(() => rm(folder, { recursive: true }));

  const complete = async (shell: string, ...words: readonly string[]) => {
    const { stdout, stderr } = await runCli(['__complete', shell, ...words], { folder });
    expect(stderr).to.equal('');
    return stdout.trim().split('\n');
  };

  it('completes commands, options, ids, inputs and choices', async () => {
    expect(await complete('zsh', 'des')).to.deep.equal(['describe']);
    expect(await complete('zsh', 'run', 'case.res')).to.deep.equal(['case.resolve']);
    expect(await complete('zsh', 'list', 'case.res')).to.deep.equal(['']);
    expect(await complete('zsh', 'run', 'case.create', '--cs')).to.deep.equal(['--csv']);
    expect(await complete('zsh', 'run', 'case.create', '--set', 'pri')).to.deep.equal(['priority=']);
    expect(await complete('zsh', 'run', 'case.create', '--set', 'priority=h')).to.deep.equal([
      'priority=high',
    ]);
    expect(await complete('zsh', 'list', 'case.list', '--columns', 'cust')).to.include('customer');
  });

  it('completes what follows the equals sign in bash, which splits the word there', async () => {
    expect(await complete('bash', 'run', 'case.create', '--set', 'priority', '=', 'h')).to.deep.equal([
      'high',
    ]);
    expect(await complete('bash', 'run', 'case.create', '--set', 'priority', '=')).to.deep.equal([
      'high',
      'low',
      'normal',
    ]);
  });

  const hasBash = spawnSync('bash', ['--version']).status === 0;
  (hasBash ? it : it.skip)('bash: the script completes the word at the cursor (needs bash)', async () => {
    const { command, args } = await cliCommand([]);
    const script = (await runCli(['completion', 'bash'], { folder })).stdout;
    const d365 = `d365() { ${[command, ...args].map((word) => `'${word}'`).join(' ')} "$@"; }`;
    const test = 'COMP_WORDS=(d365 run case.res); COMP_CWORD=2; _d365; echo $COMPREPLY';
    const file = join(folder, 'test.sh');
    await writeFile(file, [d365, script, test].join('\n'));
    const child = spawn('bash', [file], { env: { PATH: process.env.PATH, ...cliEnvironment(folder) } });
    expect(await text(child.stdout)).to.equal('case.resolve\n');
  });

  it('rejects another shell by name', async () => {
    const { exitCode, stderr } = await runCli(['completion', 'cmd'], { folder });
    expect(exitCode).to.equal(8);
    expect(stderr).to.include('bash, zsh, fish');
  });
});
