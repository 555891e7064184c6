import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { cliCommand, cliEnvironment } from './run-cli.ts';
import { runProgram } from './run-program.ts';

/** A test in a shell, skipped by name where the shell is not installed. */
function itWith(shell: string, title: string, test: () => Promise<void>): void {
  const isInstalled = spawnSync(shell, ['--version'], { stdio: 'ignore' }).status === 0;
  (isInstalled ? it : it.skip)(`${shell}: ${title} (needs ${shell})`, test);
}

describe('d365 completion', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'd365-completion-'));
  });
  after(() => rm(folder, { recursive: true }));

  const complete = async (shell: string, ...words: readonly string[]) => {
    const { stdout, stderr } = await runProgram(['__complete', shell, ...words], { folder });
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

  /** Writes files into the folder: `d365`, which starts the command from these sources, and others. */
  const write = async (name: string, content: string, mode = 0o644) => {
    const file = join(folder, name);
    await writeFile(file, content, { mode });
    return file;
  };
  /** Runs a shell that finds `d365` in its PATH, and returns what it prints. */
  const runShell = async (shell: string, args: readonly string[]) => {
    const { command, args: words } = await cliCommand([]);
    const quoted = [command, ...words].map((word) => `'${word}'`).join(' ');
    await write('d365', `#!/bin/sh\nexec ${quoted} "$@"\n`, 0o755);
    const PATH = [folder, process.env.PATH].join(delimiter);
    const env = { PATH, HOME: folder, TERM: 'xterm', LANG: 'C.UTF-8', ...cliEnvironment(folder) };
    const child = spawn(shell, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    return await text(child.stdout);
  };
  const printScript = async (shell: string) => (await runProgram(['completion', shell], { folder })).stdout;

  itWith('bash', 'the script completes the word at the cursor', async () => {
    const test = 'COMP_WORDS=(d365 run case.res); COMP_CWORD=2; _d365; echo $COMPREPLY';
    const file = await write('test.sh', [await printScript('bash'), test].join('\n'));
    expect(await runShell('bash', [file])).to.equal('case.resolve\n');
  });

  itWith('zsh', 'Tab completes ids, inputs and their choices in an interactive shell', async () => {
    const setup = await write(
      'setup.zsh',
      `autoload -U compinit; compinit -u -D\n${await printScript('zsh')}\n`,
    );
    const record = `d365() { if [[ $1 == __complete ]]; then command d365 "$@"; else print -rl -- "$@" >> ${folder}/words; fi }`;
    // \t is the Tab key; a choice follows "priority=" without a space.
    const typed = ['d365 run case.res\\t--set id=1', 'd365 run case.create --set pri\\th\\t'];
    const driver = [
      'zmodload zsh/zpty; zpty shell zsh -f -i',
      ...[`source ${setup}`, record, ...typed, 'exit'].map((line) => `zpty -w shell $'${line}'`),
      'while zpty -r shell; do :; done',
    ];
    await runShell('zsh', ['-f', '-c', driver.join('\n')]);
    const words = (await readFile(join(folder, 'words'), 'utf8')).trim().split('\n');
    expect(words).to.deep.equal([
      ...['run', 'case.resolve', '--set', 'id=1'],
      ...['run', 'case.create', '--set', 'priority=high'],
    ]);
  });

  itWith('fish', 'Tab completes ids, inputs and their choices', async () => {
    const lines = [
      'd365 run case.res',
      'd365 run case.create --set pri',
      'd365 run case.create --set priority=h',
    ];
    const completions = lines.map((line) => `complete -C '${line}'`);
    const file = await write('test.fish', [await printScript('fish'), ...completions].join('\n'));
    expect(await runShell('fish', ['--no-config', file])).to.equal(
      'case.resolve\npriority=\npriority=high\n',
    );
  });

  it('rejects another shell by name', async () => {
    const { exitCode, stderr } = await runProgram(['completion', 'cmd'], { folder });
    expect(exitCode).to.equal(8);
    expect(stderr).to.include('bash, zsh, fish');
  });
});
