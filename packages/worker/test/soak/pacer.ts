/** One of several processes that work in one user's name; driven by pace.ts, which forks it. */
import { loadConnector, openSqliteStore } from 'dynamics365-connector';
import { createFastClock } from '../../../../test/support/fast-clock.ts';

/** What a process is to do: until when, by the fast clock, and how many calls at once. */
export interface Work {
  readonly orgUrl: string;
  readonly token: string;
  /** State that processes share. */
  readonly file: string;
  readonly start: number;
  readonly times: number;
  readonly until: number;
  readonly callers: number;
}

/** What came of it. Waits in milliseconds of the fast clock. */
export interface Outcome {
  readonly answered: number;
  readonly refused: number;
  readonly failed: Readonly<Record<string, number>>;
  readonly longestWaitMs: number;
}

async function carryOut({ orgUrl, token, file, start, times, until, callers }: Work): Promise<Outcome> {
  const clock = createFastClock({ start, times });
  const store = openSqliteStore(file);
  let refused = 0;
  const connector = await loadConnector({
    world: {
      clock,
      store,
      log({ event, fields }) {
        if (event === 'http.attempt' && fields.status === 429) refused += 1;
      },
    },
  });
  const expiresAt = Number.MAX_SAFE_INTEGER;
  const client = connector.connect(
    { orgUrl },
    { kind: 'host', bring: () => ({ token, expiresAt }) },
    { allowLoopback: true },
  );
  const failed: Record<string, number> = {};
  let answered = 0;
  let longestWaitMs = 0;
  const caller = async () => {
    while (clock.now() < until) {
      const asked = clock.now();
      await client.check().then(
        () => {
          answered += 1;
        },
        (error: { readonly code?: string }) => {
          const code = error.code ?? 'unexpected';
          failed[code] = (failed[code] ?? 0) + 1;
        },
      );
      longestWaitMs = Math.max(longestWaitMs, clock.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  store.close();
  return { answered, refused, failed, longestWaitMs };
}

process.on('message', async (work: Work) => {
  process.send!(await carryOut(work));
  process.disconnect();
});
