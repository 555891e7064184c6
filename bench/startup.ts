/**
 * Measures the start of the built package, each time in a new process: `npm run build && node bench/startup.ts`. Each line
 * alternates with bare Node.js RUNS times (default 15), and has the medians of the processor time (user and system) and of
 * the differences in each pair, in time and in page faults: the pages of memory that a start needs first. Other programs
 * on the machine change the time, and hardly the page faults. Then how long an extension takes compared
 * with our own manifest, and the processor time and the largest memory of Node.js alone and of a sandbox.
 */
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
const id = '2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10';
// A program may turn this cache on, as d365 does: the first run fills it.
const load = (options: string) =>
  `process.getBuiltinModule('node:module').enableCompileCache();
   const { loadConnector } = await import(${JSON.stringify(index)});
   const connector = await loadConnector(${options});`;
const firstPlan = (options: string) => `${load(options)}\nconnector.explain('case.get', { id: '${id}' });`;
const firstAnswer = (orgUrl: string, transport: string) => `${load(JSON.stringify({ transport }))}
   const credential = { kind: 'host', getToken: () => ({ token: 'x.y.z', expiresAt: 1e15 }) };
   const client = connector.connect({ orgUrl: '${orgUrl}' }, credential, { allowLoopback: true });
   const { output } = await client.run('case.get', { id: '${id}' });
   if (output.title === undefined) throw new Error('no case');
   process.exit();`;

/** The same response without us: by a library alone, and by Node.js alone. */
const bareAnswers: Readonly<Record<string, string>> = {
  'node:http': `const { get } = process.getBuiltinModule('node:http');
    const response = await new Promise((resolve) => get(url, resolve));
    let text = '';
    for await (const part of response.setEncoding('utf8')) text += part;
    JSON.parse(text);`,
  'node-fetch': "const { default: fetch } = await import('node-fetch'); await (await fetch(url)).json();",
  undici:
    "const { Pool } = await import('undici'); await (await new Pool(url).request({ method: 'GET', path: '/' })).body.json();",
};
const bareAnswer = (url: string, sender: string) =>
  `const url = '${url}'; ${bareAnswers[sender]} process.exit();`;

// Below the package, where its libraries are found.
const folder = mkdtempSync(join(root, 'dist/startup-'));
process.once('exit', () => rmSync(folder, { recursive: true }));
/** Loaded before each program: its last act is to write its processor time and its page faults to a pipe. */
const usageFile = join(folder, 'usage.cjs');
writeFileSync(
  usageFile,
  `process.on('exit', () => {
     const { userCPUTime, systemCPUTime, minorPageFault } = process.resourceUsage();
     process.getBuiltinModule('node:fs').writeSync(3, (userCPUTime + systemCPUTime) / 1000 + ' ' + minorPageFault);
   });`,
);
const emptyFile = writeProgram('empty', '');

const d365 = join(root, 'packages/cli/dist/main.js');
measure('d365 --help', [d365, '--help']);
measure('d365 explain case.get', [d365, 'explain', 'case.get', '--set', `id=${id}`]);
const planFile = writeProgram('plan', firstPlan(''));
measure('first plan, built manifest', [planFile]);
const server = fork(join(import.meta.dirname, 'support/stub-server.ts'));
const [port] = await once(server, 'message');
const url = `http://127.0.0.1:${port}`;
for (const transport of ['node-fetch', 'undici'])
  measure(`first answer, ${transport}`, [writeProgram(transport, firstAnswer(url, transport))]);
for (const sender of Object.keys(bareAnswers))
  measure(`the same, ${sender} alone`, [
    writeProgram(`bare-${sender.replace(':', '-')}`, bareAnswer(url, sender)),
  ]);
server.disconnect();
const own = writeExtension();
const ownPlan = writeProgram('own', firstPlan(own));
measure('first plan, YAML extension', [ownPlan]);
await buildManifest(JSON.parse(own).manifest);
measure('first plan, built extension', [ownPlan]);
console.log(`processor time of a built extension / of our manifest: ${compareProcessorTimes().toFixed(2)}`);

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
  const manifest = join(folder, 'visits');
  mkdirSync(join(manifest, 'schemas/tables'), { recursive: true });
  writeFileSync(join(manifest, 'connector.yaml'), header);
  writeFileSync(join(manifest, 'schemas/tables/visit.yaml'), table);
  return JSON.stringify({ manifest });
}

/** The ratio of the medians; the two alternate, so that other work on the machine slows both. */
function compareProcessorTimes(): number {
  const pairs = Array.from({ length: runs }, () => [start([planFile]), start([ownPlan])] as const);
  return median(pairs.map(([, own]) => own.ms)) / median(pairs.map(([ours]) => ours.ms));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function writeProgram(name: string, code: string): string {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, code);
  return file;
}

/** Prints the medians of the processor time, of bare node, and of what the program takes more. */
function measure(name: string, args: readonly string[]): void {
  start(args);
  const pairs = Array.from({ length: runs }, () => ({ bare: start([emptyFile]), program: start(args) }));
  const medianOf = (value: (pair: (typeof pairs)[number]) => number) =>
    median(pairs.map(value)).toFixed(0).padStart(5);
  const [ms, bare, more, pages] = [
    medianOf(({ program }) => program.ms),
    medianOf((pair) => pair.bare.ms),
    medianOf((pair) => pair.program.ms - pair.bare.ms),
    medianOf((pair) => pair.program.pageFaults - pair.bare.pageFaults),
  ];
  console.log(`${name.padEnd(27)} ${ms} ms, bare node ${bare} ms, + ${more} ms, + ${pages} page faults`);
}

/** Runs a program: its processor time, in milliseconds, and its page faults. */
function start(args: readonly string[]): { readonly ms: number; readonly pageFaults: number } {
  const { status, stderr, output } = spawnSync(process.execPath, ['--require', usageFile, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with exit code ${status}: ${stderr}`);
  const [ms = Number.NaN, pageFaults = Number.NaN] = String(output[3]).split(' ').map(Number);
  return { ms, pageFaults };
}
