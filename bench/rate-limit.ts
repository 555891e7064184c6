/**
 * Measures how much of the service protection limits the rate limiter uses, and its cost for a request:
 * `npm run bench:rate-limit`. Hours of work run against the documented limits with a fake clock. The clients know the
 * limits only from the headers of responses.
 */
import { createMemoryStore } from '../src/client/memory-store.ts';
import { createLimiter, type Limiter } from '../src/http/rate-limit/limiter.ts';
import { defaultServiceLimits, type LimitSettings } from '../src/http/rate-limit/service-limits.ts';
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
  /** Responses have neither the remaining limits nor the recommended degree of parallelism. */
  readonly withoutHeaders?: boolean;
  /** What the organization allows. */
  readonly maxRequests?: number;
  /** What the operator has set. */
  readonly settings?: LimitSettings;
}

const scenarios: readonly Scenario[] = [
  { name: 'short calls, 60 ms each', calls, executionMs: 60 },
  { name: 'short calls, no headers', calls, executionMs: 60, withoutHeaders: true },
  { name: 'short calls, 8 processes', calls, executionMs: 60, processes: 8 },
  { name: 'short calls, 8,000 allowed', calls, executionMs: 60, maxRequests: 8_000 },
  { name: 'short calls, 100,000 set', calls, executionMs: 60, settings: { maxRequests: 100_000 } },
  { name: 'bulk calls, 5 s each', calls: calls / 20, executionMs: 5_000 },
  { name: 'bulk calls, no headers', calls: calls / 20, executionMs: 5_000, withoutHeaders: true },
  { name: 'calls of 400 ms, 8 processes', calls: calls / 5, executionMs: 400, processes: 8 },
];

for (const scenario of scenarios) {
  const { share, throttled } = await simulate(scenario);
  console.log(
    `${scenario.name.padEnd(30)} ${String(scenario.calls).padStart(7)} calls  ${(share * 100).toFixed(1).padStart(5)} % of the limit  ${throttled} 429 responses`,
  );
}
console.log(
  `${'cost of the rate limiter'.padEnd(30)} ${(await measureOverhead()).toFixed(2)} us CPU per request`,
);

async function simulate({
  calls,
  executionMs,
  processes = 1,
  withoutHeaders = false,
  maxRequests = defaultServiceLimits.maxRequests,
  settings = {},
}: Scenario) {
  const clock = createFakeClock();
  const limits = { ...defaultServiceLimits, maxRequests };
  const organization = createRateLimitedOrganization(clock, { silent: withoutHeaders, limits });
  const store = createMemoryStore();
  const random = createRandom();
  const start = clock.now();
  let remaining = calls;
  let usedMs = 0;
  const work = async (limiter: Limiter) => {
    while (remaining-- > 0) {
      const callMs = Math.round(executionMs * (0.5 + random()));
      usedMs += callMs;
      for (let throttled = true; throttled; ) {
        const release = await limiter.acquire({ deadline });
        const response = await organization.send('rosa', callMs);
        release(response);
        throttled = response.status === 429;
        if (throttled) await clock.sleep(Number(response.headers['retry-after']) * 1_000);
      }
    }
  };
  const limiters = Array.from({ length: processes }, (_, n) =>
    createLimiter({ clock, limits: settings, id: `${n}`, budget: createSharedBudget(store, 'bench') }),
  );
  await Promise.all(
    limiters.flatMap((limiter) => Array.from({ length: 64 / processes }, () => work(limiter))),
  );
  const windows = (clock.now() - start) / 300_000;
  const share = Math.max(calls / limits.maxRequests, usedMs / limits.maxExecutionMs) / windows;
  return { share, throttled: organization.counts.refused };
}

/** CPU time in microseconds to acquire and release, with the usual reads of the shared budget. */
async function measureOverhead(rounds = 200_000): Promise<number> {
  const highLimits = { maxRequests: 1e9, maxExecutionMs: 1e12, maxConcurrentRequests: 52 };
  const budget = createSharedBudget(createMemoryStore(), 'bench');
  const limiter = createLimiter({ clock: systemClock, limits: highLimits, id: 'bench', budget });
  const response = {
    status: 200,
    headers: {
      'x-ms-dop-hint': '4',
      'x-ms-ratelimit-burst-remaining-xrm-requests': '999999999',
      'x-ms-ratelimit-time-remaining-xrm-requests': '999,999,999.40',
    },
    text: '',
  };
  const run = async () => {
    for (let n = 0; n < rounds; n++) (await limiter.acquire({ deadline }))(response);
  };
  await run();
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / rounds;
}

/** Returns the same numbers in each run: a linear congruential generator. */
function createRandom(): () => number {
  let state = 1;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
