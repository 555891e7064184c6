/**
 * Measures the start of the built package, each time in a new process: `npm run build && node bench/startup.ts`. Prints
 * the minimum and the median of RUNS (default 15) in milliseconds of wall time, and how long an extension takes compared
 * with our own manifest. The last lines are the processor time and the largest memory of Node.js alone and of a sandbox.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const header = `manifestVersion: 1
id: contoso-service
version: 1.0.0
title: Contoso Service
description: Customer Service, with the visits of Contoso.
extends: dynamics365-connector
`;
const table = `x-table: { name: new_visit, entitySet: new_visits, key: new_visitid, primaryName: new_name, plural: Visits }
title: Visit
description: A visit of a technician.
required: [name]
operations: all
properties:
  id: { title: Id, type: string, format: uuid, x-column: new_visitid, readOnly: true }
  name: { title: Name, type: string, maxLength: 100, x-column: new_name, x-search: true }
`;

const runs = Number(process.env.RUNS ?? 15);
const root = join(import.meta.dirname, '..');
const index = join(root, 'dist/index.js');
const { buildManifest } = await import(pathToFileURL(join(root, 'dist/node/index.js')).href);
// A program may turn this cache on, as d365 does: the first run fills it.
const firstPlan = (options: string) =>
  `process.getBuiltinModule('node:module').enableCompileCache();
   const { loadConnector } = await import(${JSON.stringify(index)});
   (await loadConnector(${options})).explain('case.get', { id: crypto.randomUUID() });`;

measure('node', ['-e', '0']);
const d365 = join(root, 'packages/cli/dist/main.js');
const id = '2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10';
measure('d365 --help', [d365, '--help']);
measure('d365 explain case.get', [d365, 'explain', 'case.get', '--set', `id=${id}`]);
measure('first plan, built manifest', ['--input-type=module', '-e', firstPlan('')]);
const own = writeExtension();
measure('first plan, YAML extension', ['--input-type=module', '-e', firstPlan(own)]);
await buildManifest(JSON.parse(own).manifest);
measure('first plan, built extension', ['--input-type=module', '-e', firstPlan(own)]);
console.log(
  `processor time of a built extension / of our manifest: ${compareProcessorTimes(own).toFixed(2)}`,
);

measureResources('node', '');
const sandboxUrl = pathToFileURL(join(root, 'packages/sandbox/dist/index.js')).href;
for (const [data, name] of [
  ['empty', 'createSandbox, no rows'],
  ['sample', 'createSandbox, sample rows'],
] as const)
  measureResources(
    name,
    `const { createSandbox } = await import(${JSON.stringify(sandboxUrl)});
     await createSandbox({ organizations: [{ name: 'contoso', data: '${data}' }] });`,
  );

/** Prints the minimum and the median of the processor time, and the largest memory of any run. */
function measureResources(name: string, code: string): void {
  const usage =
    'const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage(); console.log(userCPUTime + systemCPUTime, maxRSS); process.exit();';
  const all = Array.from({ length: runs }, () => {
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code + usage], {
      encoding: 'utf8',
    });
    const [processorUs = Number.NaN, maxKb = Number.NaN] = stdout.split(' ').map(Number);
    return { processorMs: processorUs / 1000, megabytes: (maxKb * 1024) / 1e6 };
  }).sort((a, b) => a.processorMs - b.processorMs);
  const format = (ms = Number.NaN) => `${ms.toFixed(0).padStart(5)} ms`;
  const largest = Math.max(...all.map(({ megabytes }) => megabytes));
  console.log(
    `${name.padEnd(27)} ${format(all[0]?.processorMs)}  ${format(all[Math.floor(runs / 2)]?.processorMs)}  ${largest.toFixed(0)} MB`,
  );
}

/** A connector with one more table; the options that load it. */
function writeExtension(): string {
  const folder = mkdtempSync(join(tmpdir(), 'd365-startup-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'schemas/tables'), { recursive: true });
  writeFileSync(join(folder, 'connector.yaml'), header);
  writeFileSync(join(folder, 'schemas/tables/visit.yaml'), table);
  return JSON.stringify({ manifest: folder });
}

/** The ratio of the medians; the two alternate, so that other work on the machine slows both. */
function compareProcessorTimes(extension: string): number {
  const usage =
    'const { userCPUTime, systemCPUTime } = process.resourceUsage(); console.log(userCPUTime + systemCPUTime);';
  const timeOf = (options: string) =>
    Number(
      spawnSync(process.execPath, ['--input-type=module', '-e', firstPlan(options) + usage], {
        encoding: 'utf8',
      }).stdout,
    );
  const pairs = Array.from({ length: runs }, () => [timeOf(''), timeOf(extension)] as const);
  const median = (times: readonly number[]) =>
    times.toSorted((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.NaN;
  return median(pairs.map(([, own]) => own)) / median(pairs.map(([ours]) => ours));
}

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
