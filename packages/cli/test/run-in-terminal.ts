import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { renderScreen } from './render-screen.ts';
import { type CliOptions, cliCommand, cliEnvironment } from './run-cli.ts';

/** `script` of util-linux runs a command in a pseudo-terminal. */
export const hasPseudoTerminal =
  process.platform === 'linux' && spawnSync('script', ['--version'], { encoding: 'utf8' }).status === 0;

/** What a person sees after a command, and its exit code. */
export interface TerminalResult {
  readonly exitCode: number;
  /** The lines of the screen, without colors. */
  readonly screen: readonly string[];
  /** Everything that was written, with control sequences. */
  readonly written: string;
}

export interface TerminalOptions extends CliOptions {
  readonly columns: number;
  /** What the person types when this text is on the screen. */
  readonly answers?: readonly (readonly [question: string, answer: string])[];
}

/** Runs `d365 ...` in a pseudo-terminal with a number of columns, until it ends. */
export async function runInTerminal(
  args: readonly string[],
  { columns, folder, env, answers = [] }: TerminalOptions,
): Promise<TerminalResult> {
  const { command, args: allArgs } = await cliCommand(args);
  const quoted = [command, ...allArgs].map((text) => `'${text.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  const child = spawn('script', ['-qec', `stty cols ${columns} rows 60; exec ${quoted}`, '/dev/null'], {
    env: {
      PATH: process.env.PATH ?? '',
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
      SHELL: '/bin/sh',
      ...cliEnvironment(folder),
      ...env,
    },
  });
  let written = '';
  const waiting = [...answers];
  child.stdout.on('data', (chunk: Buffer) => {
    written += chunk;
    const [next] = waiting;
    if (next === undefined || !written.includes(next[0])) return;
    waiting.shift();
    child.stdin.write(next[1]);
  });
  const [exitCode] = await once(child, 'close');
  return { exitCode, written, screen: renderScreen(written, columns) };
}
