/** One of several processes that work in one user's name; driven by pace.ts, which forks it. */
import { loadConnector, openSqliteStore } from 'dynamics365-connector';
import { createFastClock } from '../../../../test/support/fast-clock.ts';

/** What a process is to do: until when, by the fast clock, and how many calls at once. */
export interface ClientTask {
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
export interface ClientResult {
  readonly answered: number;
  readonly throttled: number;
  readonly failed: Readonly<Record<string, number>>;
  readonly maxWaitMs: number;
}

async function runTask({
  orgUrl,
  token,
  file,
  start,
  times,
  until,
  callers,
}: ClientTask): Promise<ClientResult> {
  const clock = createFastClock({ start, times });
  const store = openSqliteStore(file);
  let throttled = 0;
  const connector = await loadConnector({
    clock,
    store,
    log({ event, fields }) {
      if (event === 'http.attempt' && fields.status === 429) throttled += 1;
    },
  });
  const expiresAt = Number.MAX_SAFE_INTEGER;
  const client = connector.connect(
    { orgUrl },
    { kind: 'host', getToken: () => ({ token, expiresAt }) },
    { allowLoopback: true },
  );
  const failed: Record<string, number> = {};
  let answered = 0;
  let maxWaitMs = 0;
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
      maxWaitMs = Math.max(maxWaitMs, clock.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  store.close();
  return { answered, throttled, failed, maxWaitMs };
}

process.on('message', async (work: ClientTask) => {
  process.send!(await runTask(work));
  process.disconnect();
});
