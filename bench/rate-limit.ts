/**
 * How much of an organization's service protection limits we use, and what pacing costs a request:
 * `npm run bench:pacing`. Hours of work are played with a clock of their own, against the real limits; the clients
 * know nothing but what answers say.
 */
import { createMemoryStore } from '../src/client/memory-store.ts';
import { createLimiter, type Limiter } from '../src/http/rate-limit/limiter.ts';
import { defaultServiceLimits as limits } from '../src/http/rate-limit/service-limits.ts';
import { createSharedBudget } from '../src/http/rate-limit/shared-budget.ts';
import { systemClock } from '../src/node/clock.ts';
import { createFakeClock } from '../test/support/fake-clock.ts';
import { createRateLimitedOrganization } from '../test/support/rate-limited-organization.ts';

const calls = Number(process.env.CALLS ?? 100_000);
const deadline = Number.POSITIVE_INFINITY;

interface Scenario {
  readonly name: string;
  readonly calls: number;
  readonly executionMs: number;
  readonly processes?: number;
  /** The organization says neither what is left nor how parallel to be. */
  readonly withoutHeaders?: boolean;
}

const scenarios: readonly Scenario[] = [
  { name: 'short calls, 60 ms each', calls, executionMs: 60 },
  { name: 'short calls, no headers', calls, executionMs: 60, withoutHeaders: true },
  { name: 'short calls, 8 processes', calls, executionMs: 60, processes: 8 },
  { name: 'bulk calls, 5 s each', calls: calls / 20, executionMs: 5_000 },
  { name: 'bulk calls, no headers', calls: calls / 20, executionMs: 5_000, withoutHeaders: true },
  { name: 'calls of 400 ms, 8 processes', calls: calls / 5, executionMs: 400, processes: 8 },
];

for (const one of scenarios) {
  const { share, refused } = await simulate(one);
  console.log(
    `${one.name.padEnd(30)} ${String(one.calls).padStart(7)} calls  ${(share * 100).toFixed(1).padStart(5)} % of the ceiling  ${refused} refused`,
  );
}
console.log(`${'cost of pacing'.padEnd(30)} ${(await measureOverhead()).toFixed(2)} us cpu a request`);

async function simulate({ calls, executionMs, processes = 1, withoutHeaders = false }: Scenario) {
  const clock = createFakeClock();
  const organization = createRateLimitedOrganization(clock, { silent: withoutHeaders });
  const store = createMemoryStore();
  const random = createRandom();
  const start = clock.now();
  let left = calls;
  let used = 0;
  const work = async (limiter: Limiter) => {
    while (left-- > 0) {
      const thisMs = Math.round(executionMs * (0.5 + random()));
      used += thisMs;
      for (let refused = true; refused; ) {
        const release = await limiter.acquire({ deadline });
        const reply = await organization.send('rosa', thisMs);
        release(reply);
        refused = reply.status === 429;
        if (refused) await clock.sleep(Number(reply.headers['retry-after']) * 1_000);
      }
    }
  };
  const limiters = Array.from({ length: processes }, (_, n) =>
    createLimiter({ clock, limits, id: `${n}`, budget: createSharedBudget(store, 'pace') }),
  );
  await Promise.all(
    limiters.flatMap((limiter) => Array.from({ length: 64 / processes }, () => work(limiter))),
  );
  const windows = (clock.now() - start) / 300_000;
  const share = Math.max(calls / limits.maxRequests, used / limits.maxExecutionMs) / windows;
  return { share, refused: organization.counts.refused };
}

/** CPU of entering and leaving, with the store asked as often as it would be. */
async function measureOverhead(rounds = 200_000): Promise<number> {
  const plenty = { maxRequests: 1e9, maxExecutionMs: 1e12, maxConcurrentRequests: 52 };
  const budget = createSharedBudget(createMemoryStore(), 'pace');
  const limiter = createLimiter({ clock: systemClock, limits: plenty, id: 'bench', budget });
  const reply = {
    status: 200,
    headers: {
      'x-ms-dop-hint': '4',
      'x-ms-ratelimit-burst-remaining-xrm-requests': '999999999',
      'x-ms-ratelimit-time-remaining-xrm-requests': '999,999,999.40',
    },
    text: '',
  };
  const run = async () => {
    for (let n = 0; n < rounds; n++) (await limiter.acquire({ deadline }))(reply);
  };
  await run();
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / rounds;
}

/** The same numbers in each run: a linear congruential generator. */
function createRandom(): () => number {
  let state = 1;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
