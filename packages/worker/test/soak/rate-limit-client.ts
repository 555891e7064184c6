/** One of several processes that call an organization as the same user. Started by rate-limit.ts. */
import {
  type Client,
  type Log,
  loadConnector,
  openSqliteStore,
  type RuntimeServices,
  type UntypedOperations,
} from 'dynamics365-connector';
import { createFastClock } from './fast-clock.ts';

/** The task of a process. Times are milliseconds of the fast clock. */
export interface ClientTask {
  readonly orgUrl: string;
  readonly token: string;
  /** SQLite file with the state that the processes share. */
  readonly file: string;
  readonly start: number;
  readonly times: number;
  readonly until: number;
  readonly callers: number;
}

/** The result of a process. Times are milliseconds of the fast clock. */
export interface ClientResult {
  readonly answered: number;
  readonly throttled: number;
  readonly failed: Readonly<Record<string, number>>;
  readonly maxWaitMs: number;
}

async function runTask(task: ClientTask): Promise<ClientResult> {
  const { start, times, until, callers } = task;
  const clock = createFastClock({ start, times });
  const store = openSqliteStore(task.file);
  const counts = { answered: 0, throttled: 0, failed: {} as Record<string, number>, maxWaitMs: 0 };
  const client = await connect(task, { clock, store }, () => {
    counts.throttled += 1;
  });
  const call = async () => {
    while (clock.now() < until) {
      const startedAt = clock.now();
      try {
        await client.check();
        counts.answered += 1;
      } catch (error) {
        const { code = 'UNEXPECTED' } = error as { readonly code?: string };
        counts.failed[code] = (counts.failed[code] ?? 0) + 1;
      }
      counts.maxWaitMs = Math.max(counts.maxWaitMs, clock.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  store.close();
  return counts;
}

async function connect(
  { orgUrl, token }: ClientTask,
  services: Pick<RuntimeServices, 'clock' | 'store'>,
  onThrottled: () => void,
): Promise<Client> {
  const log: Log = ({ event, fields }) => {
    if (event === 'http.attempt' && fields.status === 429) onThrottled();
  };
  const connector = await loadConnector<UntypedOperations>({ ...services, log });
  const getToken = () => ({ token, expiresAt: Number.MAX_SAFE_INTEGER });
  return connector.connect({ orgUrl }, { kind: 'host', getToken }, { allowLoopback: true });
}

process.on('message', async (task: ClientTask) => {
  process.send!(await runTask(task));
  process.disconnect();
});
