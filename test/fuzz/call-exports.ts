/** The calls of `run-exports.ts`, which tells the parent of each one. */
import { ConnectorError } from '../../src/index.ts';
import { type FuzzProblem, fuzzFunctions } from './fuzz-functions.ts';
import { openFixtures } from './subjects/fixtures.ts';
import { allSubjects } from './subjects/index.ts';

/** Those that read the whole manifest of this package when nothing else is said, and that which starts servers. */
const slow = new Set([
  '..checkManifest',
  '..loadConnector',
  '..expandOperation',
  './node.buildManifest',
  './node.readManifest',
  'sandbox.createSandbox',
]);

const { CALLS = '20000', SEED = '20261201', ONLY = '', MAX_BUSY_MS = '1000' } = process.env;
/** They run a function of the caller, and throw what it throws. */
const passOn = new Set([
  ...['./host.runAs', './host.observeWork', './host.observeRequest'],
  ...['./node.oneAtATime', './node.importOptional'],
]);

const fixtures = await openFixtures();
const subjects = allSubjects(fixtures);
const missing = subjects.flatMap((subject) => subject.missing);
const functions = subjects
  .flatMap((subject) => subject.functions)
  .filter(({ name }) => name.startsWith(ONLY));
const problems = await fuzzFunctions(functions, {
  ...{ calls: Number(CALLS), seed: Number(SEED), maxWaitMs: 10_000 },
  maxBusyMs: (name) => Number(MAX_BUSY_MS) * (slow.has(name) ? 30 : 1),
  isExpected: (error, name) =>
    error instanceof ConnectorError
      ? !error.message.includes('unexpected')
      : passOn.has(name) && /a trap of the caller|Class constructors/.test((error as Error).message),
  onCall: (call) => process.send?.(call),
});
await fixtures.close();
process.send?.('');
const groups = Map.groupBy(problems, ({ name, problem }) => `${name}: ${problem}`);
for (const [name, [first, ...more]] of groups) print(name, first, more.length + 1);
console.log(`${CALLS} calls of ${functions.length} functions: ${problems.length} problems.`);
if (missing.length > 0)
  console.log(`Called without good arguments, which test/fuzz/subjects should have: ${missing.join(', ')}.`);
process.exit(problems.length > 0 ? 1 : 0);

function print(name: string, first: FuzzProblem | undefined, count: number): void {
  console.log(`${name}\n    ${count} calls, the first: (${first?.call})`);
}
