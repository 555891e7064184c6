/**
 * How much of an organisation's service protection limits we use, and what pacing costs a request:
 * `npm run bench:pacing`. Hours of work are played with a clock of their own, against the real limits; the clients
 * know nothing but what answers say.
 */
import { createMemoryStore } from '../src/client/memory-store.ts';
import { createLimiter, type Limiter } from '../src/http/pace/limiter.ts';
import { defaultServiceLimits as limits } from '../src/http/pace/limits.ts';
import { createSharedBudget } from '../src/http/pace/shared-budget.ts';
import { systemClock } from '../src/node/clock.ts';
import { createFakeClock } from '../test/support/fake-clock.ts';
import { createPacedOrganisation } from '../test/support/paced-organisation.ts';

const calls = Number(process.env.CALLS ?? 100_000);
const deadline = Number.POSITIVE_INFINITY;

interface Case {
  readonly name: string;
  readonly calls: number;
  readonly executionMs: number;
  readonly processes?: number;
  /** The organisation says neither what is left nor how parallel to be. */
  readonly silent?: boolean;
}

const cases: readonly Case[] = [
  { name: 'short calls, 60 ms each', calls, executionMs: 60 },
  { name: 'short calls, no headers', calls, executionMs: 60, silent: true },
  { name: 'short calls, 8 processes', calls, executionMs: 60, processes: 8 },
  { name: 'bulk calls, 5 s each', calls: calls / 20, executionMs: 5_000 },
  { name: 'bulk calls, no headers', calls: calls / 20, executionMs: 5_000, silent: true },
  { name: 'calls of 400 ms, 8 processes', calls: calls / 5, executionMs: 400, processes: 8 },
];

for (const one of cases) {
  const { share, refused } = await play(one);
  console.log(
    `${one.name.padEnd(30)} ${String(one.calls).padStart(7)} calls  ${(share * 100).toFixed(1).padStart(5)} % of the ceiling  ${refused} refused`,
  );
}
console.log(`${'cost of pacing'.padEnd(30)} ${(await cost()).toFixed(2)} us cpu a request`);

async function play({ calls, executionMs, processes = 1, silent = false }: Case) {
  const clock = createFakeClock();
  const organisation = createPacedOrganisation(clock, { silent });
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
        const leave = await limiter.enter({ deadline });
        const reply = await organisation.send('rosa', thisMs);
        leave(reply);
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
  const share = Math.max(calls / limits.requests, used / limits.executionMs) / windows;
  return { share, refused: organisation.counts.refused };
}

/** CPU of entering and leaving, with the store asked as often as it would be. */
async function cost(rounds = 200_000): Promise<number> {
  const plenty = { requests: 1e9, executionMs: 1e12, concurrent: 52 };
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
    for (let n = 0; n < rounds; n++) (await limiter.enter({ deadline }))(reply);
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
