import { PassThrough, Readable } from 'node:stream';
import { createProgram } from '../src/program.ts';
import { type CliResult, cliEnvironment, type RunCliOptions } from './run-cli.ts';

/**
 * Runs `d365 ...` in this process: what a new process reads from its environment and its standard input, it reads from
 * the options. Starting a process takes ten times as long as most commands. Not for commands that run until a signal,
 * that start processes or start themselves again (`worker`), or whose log is looked at: it goes to the stderr of this
 * process. One command at a time.
 */
export async function runProgram(args: readonly string[], options?: RunCliOptions): Promise<CliResult> {
  return options === undefined ? await run(args) : await withProcess(options, () => run(args, options));
}

async function run(args: readonly string[], { onStderr }: Partial<RunCliOptions> = {}): Promise<CliResult> {
  let [stdout, stderr] = ['', ''];
  const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
  streams.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  streams.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
    onStderr?.(stderr);
  });
  const exitCode = await createProgram(streams).run(args);
  await Promise.all(Object.values(streams).map((stream) => endOf(stream)));
  return { exitCode, stdout, stderr };
}

function endOf(stream: PassThrough): Promise<void> {
  return new Promise((resolve) => stream.once('end', resolve).end());
}

let isBorrowed = false;

/** Does the work with the environment and the standard input of a process of its own. */
async function withProcess<T>(
  { folder, env, stdin = '' }: RunCliOptions,
  work: () => Promise<T>,
): Promise<T> {
  if (isBorrowed) throw new Error('Another command runs in this process: start one of them with startCli.');
  isBorrowed = true;
  const { env: outerEnv, execve } = process;
  const outerStdin = Object.getOwnPropertyDescriptor(process, 'stdin')!;
  process.env = { PATH: '', ...cliEnvironment(folder), ...env };
  Object.defineProperty(process, 'stdin', { value: Readable.from([stdin]), configurable: true });
  // A command that starts itself again would start the tests again.
  process.execve = () => {
    throw new Error('This command starts itself again: use runCli.');
  };
  try {
    return await work();
  } finally {
    process.env = outerEnv;
    process.execve = execve;
    Object.defineProperty(process, 'stdin', outerStdin);
    isBorrowed = false;
  }
}
