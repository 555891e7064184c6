/**
 * What a start costs, each in a process of its own: `npm run build && node bench/start.ts`. Milliseconds of wall time,
 * least and median of RUNS.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const runs = Number(process.env.RUNS ?? 15);
const root = join(import.meta.dirname, '..');
const index = join(root, 'dist/index.js');
const firstPlan = (options: string) =>
  `const { loadConnector } = await import(${JSON.stringify(index)});
   (await loadConnector(${options})).explain('case.get', { id: crypto.randomUUID() });`;

measure('bare node', ['-e', '0']);
measure('d365 --help', [join(root, 'dist/cli/main.js'), '--help']);
measure('built: to the first plan', ['--input-type=module', '-e', firstPlan('')]);
measure('YAML: to the first plan', [
  '--input-type=module',
  '-e',
  firstPlan(JSON.stringify({ folder: root })),
]);

function measure(name: string, args: readonly string[]): void {
  const times = Array.from({ length: runs }, () => {
    const started = performance.now();
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
    return performance.now() - started;
  }).sort((a, b) => a - b);
  const [minimum, median] = [times[0]!, times[Math.floor(runs / 2)]!];
  console.log(`${name.padEnd(26)} ${minimum.toFixed(0).padStart(5)} ms  ${median.toFixed(0).padStart(5)} ms`);
}
