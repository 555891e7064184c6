import { type ChildProcess, fork } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from './find-mutants.ts';
import type { MutantQuestion } from './run-tests.ts';

const root = join(import.meta.dirname, '../..');
/** After so many mutants, a process is replaced: it keeps the modules of all. */
const maxMutants = 60;

/** A process that runs the tests of one file after the other against its mutants. */
export interface TestProcess {
  /** The tests must pass without a mutant; ten times as long, and ten seconds more, is endless. */
  open(file: string, patterns: readonly string[]): Promise<void>;
  /** Whether the tests of the open file pass. A mutant that ends the process, or never ends, is noticed. */
  passes(mutant?: Mutant): Promise<boolean>;
  close(): void;
}

/** Creates a process. It starts with its first question. */
export function createTestProcess(): TestProcess {
  let child: ChildProcess | undefined;
  let number = 0;
  let file = '';
  let tests: readonly string[] = [];
  let timeout = 0;

  async function open(path: string, patterns: readonly string[]): Promise<void> {
    file = path;
    tests = patterns.flatMap((pattern) => globSync(join(root, pattern)).sort());
    timeout = 300_000;
    const startedMs = performance.now();
    if (!(await passes()) && !(await passes()))
      throw new Error(`The tests of ${file} fail without a mutant.`);
    timeout = 10_000 + 10 * (performance.now() - startedMs);
  }

  async function passes(mutant?: Mutant): Promise<boolean> {
    number += 1;
    if (number % maxMutants === 0) close();
    child ??= start();
    const passed = await ask(child, { file, mutant, tests, number }, timeout);
    if (passed === undefined) close();
    return passed ?? false;
  }

  function close(): void {
    child?.kill('SIGKILL');
    child = undefined;
  }

  return { open, passes, close };
}

function start(): ChildProcess {
  const execArgv = ['--conditions=development', '--conditions=test', '--disable-warning=ExperimentalWarning'];
  return fork(join(import.meta.dirname, 'run-tests.ts'), { cwd: root, execArgv, stdio: 'ignore' });
}

/** Undefined if the process ended or took too long. */
function ask(child: ChildProcess, question: MutantQuestion, timeout: number): Promise<boolean | undefined> {
  return new Promise((resolve) => {
    const end = (passed?: boolean) => {
      clearTimeout(timer);
      child.removeAllListeners();
      resolve(passed);
    };
    const timer = setTimeout(end, timeout);
    child.once('message', ({ passed }: { passed: boolean }) => end(passed));
    child.once('exit', () => end());
    child.send(question);
  });
}
