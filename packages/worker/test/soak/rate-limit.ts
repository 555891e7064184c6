/**
 * Eight processes in one user's name, and one in another's, against an organization that enforces the real limits:
 * `npm run soak:pace`. Time runs TIMES (10) as fast, for MINUTES (12) of its own. Fails when one request in a
 * thousand is refused, when a call fails, or when the other user waits.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox } from 'dynamics365-connector-sandbox';
import { createFastClock } from '../../../../test/support/fast-clock.ts';
import type { ClientResult, ClientTask } from './rate-limit-client.ts';

const times = Number(process.env.TIMES ?? 10);
const minutes = Number(process.env.MINUTES ?? 12);
const start = Date.now();
const clock = createFastClock({ start, times });
const sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }], clock });
const folder = await mkdtemp(join(tmpdir(), 'pace-'));
const [rosa, emil] = sandbox.users;
const work = (person = rosa, callers = 4): ClientTask => ({
  orgUrl: sandbox.organization.origin,
  token: sandbox.issueToken(person),
  file: join(folder, 'state.sqlite'),
  start,
  times,
  until: clock.now() + minutes * 60_000,
  callers,
});

const [otherUser, ...team] = await Promise.all([
  runProcess(work(emil, 1)),
  ...Array.from({ length: 8 }, () => runProcess(work())),
]);
const sum = (of: (outcome: ClientResult) => number) =>
  team.reduce((total, outcome) => total + of(outcome), 0);
const answered = sum((outcome) => outcome.answered);
const throttled = sum((outcome) => outcome.throttled);
const share = throttled / (answered + throttled);
const seconds = (clock.now() - start) / 1_000;
console.log(
  `8 processes: ${answered} answered in ${seconds.toFixed(0)} s, ${(answered / seconds).toFixed(1)} a second`,
);
console.log(`refused with 429: ${throttled} (${(share * 100).toFixed(3)} %)`);
console.log(`by process: ${team.map((outcome) => outcome.answered).join(' ')}`);
console.log(`failed: ${JSON.stringify(team.map(({ failed }) => failed))}`);
console.log(`longest wait: ${(Math.max(...team.map((outcome) => outcome.maxWaitMs)) / 1_000).toFixed(1)} s`);
console.log(
  `another user: ${otherUser!.answered} answered, ${otherUser!.throttled} refused, longest wait ${(otherUser!.maxWaitMs / 1_000).toFixed(1)} s`,
);
await sandbox.close();
await rm(folder, { recursive: true });
const anyFailed = team.some(({ failed }) => Object.keys(failed).length > 0);
if (share >= 0.001 || anyFailed || otherUser!.throttled > 0) process.exitCode = 1;

async function runProcess(task: ClientTask): Promise<ClientResult> {
  const child = fork(join(import.meta.dirname, 'rate-limit-client.ts'));
  child.send(task);
  const [outcome] = await once(child, 'message');
  return outcome as ClientResult;
}
