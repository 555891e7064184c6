/**
 * Measures the start of the built package, each time in a new process: `npm run build && node bench/startup.ts`. Prints
 * the minimum and the median of RUNS (default 15) in milliseconds of wall time.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const runs = Number(process.env.RUNS ?? 15);
const root = join(import.meta.dirname, '..');
const index = join(root, 'dist/index.js');
const firstPlan = (options: string) =>
  `const { loadConnector } = await import(${JSON.stringify(index)});
   (await loadConnector(${options})).explain('case.get', { id: crypto.randomUUID() });`;

measure('node', ['-e', '0']);
measure('d365 --help', [join(root, 'packages/cli/dist/main.js'), '--help']);
measure('first plan, built manifest', ['--input-type=module', '-e', firstPlan('')]);
measure('first plan, YAML manifest', [
  '--input-type=module',
  '-e',
  firstPlan(JSON.stringify({ folder: root })),
]);

function measure(name: string, args: readonly string[]): void {
  const times = Array.from({ length: runs }, () => {
    const started = performance.now();
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${name} ended with exit code ${status}: ${stderr}`);
    return performance.now() - started;
  }).sort((a, b) => a - b);
  const format = (ms = Number.NaN) => `${ms.toFixed(0).padStart(5)} ms`;
  console.log(`${name.padEnd(27)} ${format(times[0])}  ${format(times[Math.floor(runs / 2)])}`);
}
