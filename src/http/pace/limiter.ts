import { ConnectorError } from '../../errors/connector-error.ts';
import type { Clock } from '../../model/world.ts';
import type { Reply } from '../passage.ts';
import { retryAfterMs } from '../retry-after.ts';
import { createAlarm } from './alarm.ts';
import { settle } from './budget.ts';
import { degreeHint } from './hints.ts';
import { type Lease, takeLease } from './lease.ts';
import type { ServiceLimits } from './limits.ts';
import { createLine, type Ticket } from './line.ts';
import type { SharedBudget } from './shared-budget.ts';
import { createTally } from './tally.ts';
import { createWidth } from './width.ts';

/** The gate of one user to one organisation: everything that is sent in the user's name goes through it. */
export interface Limiter {
  /**
   * Resolves when a request may be sent, to a function that must be called once when it is over, with the answer
   * where one came. Rejects with THROTTLED as soon as it is known that the deadline cannot be kept, and with
   * ABORTED when the caller gives up.
   */
  enter(ticket: Ticket): Promise<Leave>;
}

/** Ends what `enter` began. */
export type Leave = (reply?: Reply) => void;

/** What a limiter is made of. */
export interface LimiterOptions {
  readonly clock: Clock;
  readonly budget: SharedBudget;
  readonly limits: ServiceLimits;
  /** Its name among the limiters that share the budget. */
  readonly id: string;
}

const noLease: Lease = { requests: 0, startsAt: 0, everyMs: 0, until: 0, holders: 1 };
const leastGateMs = 1_000;
// The window is five minutes: a longer wait is a mistake, of a proxy or of another machine's clock.
const longestGateMs = 3_600_000;
/** What other processes did is looked up when it is older than this. */
const newsMs = 1_000;
const smallestLease = 10;

/**
 * Additive increase and multiplicative decrease of what runs at once; a shared budget of requests and execution
 * time, of which it takes leases; and one gate that a 429 shuts for all until the organisation's own time.
 */
export function createLimiter({ clock, budget, limits, id }: LimiterOptions): Limiter {
  const width = createWidth(limits.concurrent);
  const tally = createTally(limits);
  const line = createLine();
  const alarm = createAlarm(clock, serve);
  let running = 0;
  let lease = noLease;
  let left = 0;
  let nextAt = 0;
  let gateUntil = 0;
  let knownAt = 0;
  let asking = false;

  /** Calls whoever may go now, and sees to being called again for the others. */
  function serve(): void {
    while (mayStart(clock.now())) start();
  }

  function mayStart(now: number): boolean {
    line.refuseBefore(now, () => throttled(leastGateMs));
    const first = line.first();
    if (first === undefined) alarm.off();
    else if (gateUntil > now) waitUntil(gateUntil);
    else if (asking || running >= width.now()) alarm.set(first + 1);
    else if (left === 0 || now >= lease.until) ask(renew);
    else if (now - knownAt >= newsMs) ask(look);
    else if (nextAt > now) waitUntil(nextAt);
    else return true;
    return false;
  }

  function waitUntil(time: number): void {
    line.refuseBefore(time, () => throttled(time - clock.now()));
    if (line.first() === undefined) alarm.off();
    else alarm.set(time);
  }

  function start(): void {
    const now = clock.now();
    running += 1;
    left -= 1;
    nextAt += lease.everyMs;
    tally.sent(now);
    line.callFirst();
  }

  function ask(question: (now: number) => Promise<void>): void {
    asking = true;
    const done = () => {
      asking = false;
      serve();
    };
    question(clock.now()).then(done, (error: unknown) => {
      line.refuseAll(error);
      done();
    });
  }

  async function renew(now: number): Promise<void> {
    const wasUsedUp = left === 0 && lease !== noLease;
    const wanted = wasUsedUp ? Math.max(smallestLease, lease.requests * 2) : smallestLease;
    const order = {
      holder: id,
      requests: wanted,
      running,
      executionMs: tally.executionMs(),
    };
    const report = { ...tally.report(), gateUntil };
    const taken = await budget.change((known) => {
      const { budget: after, lease } = takeLease(settle(known, id, report), { order, limits, now });
      return { budget: after, result: { lease, gateUntil: after.gateUntil } };
    });
    lease = taken.lease;
    left = lease.requests;
    nextAt = lease.startsAt;
    knownAt = now;
    width.share(lease.holders);
    learnGate(taken.gateUntil);
  }

  async function look(now: number): Promise<void> {
    learnGate((await budget.read()).gateUntil);
    knownAt = now;
  }

  /** What was leased before a gate was shut is void: behind it, everybody asks anew. */
  function learnGate(until: number): void {
    if (until <= gateUntil || until > clock.now() + longestGateMs) return;
    gateUntil = until;
    left = 0;
  }

  function shutGate(until: number): void {
    if (until <= gateUntil) return;
    learnGate(until);
    const report = { ...tally.report(), gateUntil };
    const shut = budget.change((known) => ({ budget: settle(known, id, report), result: undefined }));
    // Where the store fails, the next lease says it again, and its caller learns of the failure.
    shut.catch(() => {});
  }

  function leave(startedAt: number, reply?: Reply): void {
    const now = clock.now();
    const wasFull = running >= width.now();
    running -= 1;
    tally.ended(now, now - startedAt);
    if (reply !== undefined) listen(reply, { now, startedAt, wasFull });
    serve();
  }

  function listen(
    reply: Reply,
    { now, startedAt, wasFull }: { now: number; startedAt: number; wasFull: boolean },
  ): void {
    const { status, headers } = reply;
    tally.answered(now, reply);
    const hint = degreeHint(headers);
    if (hint !== undefined) width.recommend(hint);
    if (status === 429) {
      width.halve(startedAt, now);
      const told = Math.max(retryAfterMs(headers, now) ?? 0, leastGateMs);
      shutGate(now + Math.min(told, longestGateMs));
    } else if (wasFull) {
      width.grow();
    }
  }

  return {
    async enter(ticket) {
      const turn = line.wait(ticket);
      serve();
      try {
        await turn;
      } catch (error) {
        serve();
        throw error;
      }
      const startedAt = clock.now();
      return (reply) => leave(startedAt, reply);
    },
  };
}

function throttled(waitMs: number): ConnectorError {
  const retryAfterMs = Math.ceil(waitMs);
  return new ConnectorError(
    'THROTTLED',
    `This user’s share of the organisation is spent for the next ${Math.ceil(waitMs / 1000)} s; nothing was sent.`,
    { retryAfterMs },
  );
}
