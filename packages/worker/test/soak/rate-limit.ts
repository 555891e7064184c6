/**
 * Eight processes of one user and one process of another user call an organization that enforces the documented limits:
 * `npm run soak:rate-limit`. Time runs TIMES (default 10) as fast, for MINUTES (default 12) of the fast clock. Fails if
 * 0.1 % of the requests get a 429 response, if a call fails, or if the other user gets a 429 response.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox } from 'dynamics365-connector-sandbox';
import { createFastClock } from './fast-clock.ts';
import type { ClientResult, ClientTask } from './rate-limit-client.ts';

const times = Number(process.env.TIMES ?? 10);
const minutes = Number(process.env.MINUTES ?? 12);
const start = Date.now();
const clock = createFastClock({ start, times });
const sandbox = await createSandbox({
  organizations: [{ name: 'contoso', data: 'empty' }],
  clock,
  limits: { maxRequests: 6000 },
});
const folder = await mkdtemp(join(tmpdir(), 'rate-limit-'));
const [rosa, emil] = sandbox.users;
const createTask = (user = rosa, callers = 4): ClientTask => ({
  orgUrl: sandbox.organization.origin,
  token: sandbox.issueToken(user),
  file: join(folder, 'state.sqlite'),
  start,
  times,
  until: clock.now() + minutes * 60_000,
  callers,
});

const [otherUser, ...sameUser] = await Promise.all([
  runProcess(createTask(emil, 1)),
  ...Array.from({ length: 8 }, () => runProcess(createTask())),
]);
const sum = (getCount: (result: ClientResult) => number) =>
  sameUser.reduce((total, result) => total + getCount(result), 0);
const answered = sum((result) => result.answered);
const throttled = sum((result) => result.throttled);
const share = throttled / (answered + throttled);
const seconds = (clock.now() - start) / 1_000;
console.log(
  `8 processes: ${answered} answered in ${seconds.toFixed(0)} s, ${(answered / seconds).toFixed(1)} a second`,
);
console.log(`429 responses: ${throttled} (${(share * 100).toFixed(3)} %)`);
console.log(`by process: ${sameUser.map((result) => result.answered).join(' ')}`);
console.log(`failed: ${JSON.stringify(sameUser.map(({ failed }) => failed))}`);
console.log(
  `longest wait: ${(Math.max(...sameUser.map((result) => result.maxWaitMs)) / 1_000).toFixed(1)} s`,
);
console.log(
  `another user: ${otherUser!.answered} answered, ${otherUser!.throttled} 429 responses, longest wait ${(otherUser!.maxWaitMs / 1_000).toFixed(1)} s`,
);
await sandbox.close();
await rm(folder, { recursive: true });
const anyFailed = sameUser.some(({ failed }) => Object.keys(failed).length > 0);
if (share >= 0.001 || anyFailed || otherUser!.throttled > 0) process.exitCode = 1;

async function runProcess(task: ClientTask): Promise<ClientResult> {
  const child = fork(join(import.meta.dirname, 'rate-limit-client.ts'));
  child.send(task);
  const [result] = await once(child, 'message');
  return result as ClientResult;
}
