/**
 * What CI runs after `npm ci`: `.ci/run`. The packed packages, browsers and Node-RED 4 have jobs of their own in
 * .github/workflows/ci.yml. Each step is an npm script. All steps run, also after a failure; the last line is the sum,
 * `N passed, N failed`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from './support/run-command.ts';

interface Step {
  /** The npm script. */
  readonly script: string;
  /** After this time the step fails and everything that it started is ended. */
  readonly maxMinutes: number;
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

const steps: readonly Step[] = [
  { script: 'test', maxMinutes: 25 },
  { script: 'check', maxMinutes: 6 },
];

const folder = mkdtempSync(join(tmpdir(), 'd365-ci-'));
const results: Counts[] = [];
for (const step of steps) results.push(await runStep(step));
rmSync(folder, { recursive: true });

const total = (key: keyof Counts) => results.reduce((sum, counts) => sum + counts[key], 0);
process.stdout.write(`\n${total('passed')} passed, ${total('failed')} failed\n`);
process.exitCode = total('failed') === 0 ? 0 : 1;

async function runStep({ script, maxMinutes }: Step): Promise<Counts> {
  process.stdout.write(`\n== npm run ${script}\n`);
  const startMs = Date.now();
  const resultsFile = join(folder, script.replaceAll(':', '-'));
  // A process group of its own, so that nothing which a test starts outlives the step.
  const child = spawn('npm', ['run', '--silent', script], {
    cwd: repositoryRoot,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, MOCHA_RESULTS: resultsFile },
  });
  const stop = () => endGroup(child.pid);
  const timer = setTimeout(stop, maxMinutes * 60_000);
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const [exitCode] = await once(child, 'exit');
  process.off('SIGINT', stop).off('SIGTERM', stop);
  clearTimeout(timer);
  stop();
  const seconds = Math.round((Date.now() - startMs) / 1000);
  process.stdout.write(`== npm run ${script}: ${exitCode === 0 ? 'ok' : 'FAILED'}, ${seconds} s\n`);
  return countResults(resultsFile, exitCode === 0);
}

/** The counts that mocha's reporter wrote; a step that fails without a failed test counts as one. */
function countResults(file: string, isOk: boolean): Counts {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  const counts = lines.map((line) => JSON.parse(line) as Counts);
  const passed = counts.reduce((sum, one) => sum + one.passed, 0);
  const failed = counts.reduce((sum, one) => sum + one.failed, 0);
  return { passed, failed: isOk ? failed : Math.max(failed, 1) };
}

/** Ends a process group; one that has ended already is no error. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
