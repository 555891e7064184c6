import type { Clock, Log } from 'dynamics365-connector';
import {
  asConnectorError,
  checkRegistration,
  type FailedPush,
  type PushRegistration,
  readFailedPushes,
  repairRegistration,
} from 'dynamics365-connector/host';
import type { OpenedRoute } from './push-routes.ts';
import type { ConnectionPush } from './push-state.ts';

/** The result of a check: what all workers know from now on, and the tables whose webhooks were lost since. */
export interface CheckedRoute {
  readonly state: ConnectionPush;
  readonly lostTables: readonly string[];
  /** Something was registered or repaired: changes of before were not told. */
  readonly isRepaired: boolean;
}

/** How far the first check looks back for failed jobs. */
const firstLookBackMs = 600_000;

/** What is known before the first check. */
export function initialPush(nowMs: number): ConnectionPush {
  const jobs = { untilMs: nowMs - firstLookBackMs, ids: [] };
  return { checkedAtMs: nowMs, tables: {}, lost: {}, jobs };
}

/** Repairs the registration of a connection, and counts the webhooks that its organization could not send. */
export async function checkRoute(
  { connection, route, steps }: OpenedRoute,
  before: ConnectionPush | undefined,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<CheckedRoute> {
  const name = route.connection;
  const wanted = { endpoint: route.endpoint, steps };
  const { registration, problem, isUnverified } = await ensureRegistered(connection, wanted);
  for (const issue of registration?.repaired ?? [])
    log({ level: 'info', event: 'push.repaired', fields: { connection: name, issue } });
  if (problem !== undefined)
    log({ level: 'warn', event: 'push.not-registered', fields: { connection: name, reason: problem } });
  const { jobs, lost } = before ?? initialPush(clock.now());
  const failed = await readLost(connection, registration, jobs);
  for (const { table, reason } of failed)
    log({ level: 'warn', event: 'push.lost', fields: { connection: name, table, reason } });
  const state: ConnectionPush = {
    checkedAtMs: clock.now(),
    problem,
    isUnverified,
    tables: { ...unsupportedTables(registration), ...lostTables(failed) },
    lost: addLost(lost, failed),
    jobs: nextJobs(jobs, failed),
  };
  const isRepaired = before === undefined || (registration?.repaired.length ?? 0) > 0;
  return { state, lostTables: [...new Set(failed.map(({ table }) => table))], isRepaired };
}

interface EnsuredRegistration {
  readonly registration?: PushRegistration;
  readonly problem?: string;
  readonly isUnverified?: boolean;
}

/** Reads first: a worker whose user may not register webhooks runs with what an administrator has registered. */
async function ensureRegistered(
  connection: OpenedRoute['connection'],
  wanted: Parameters<typeof checkRegistration>[1],
): Promise<EnsuredRegistration> {
  let found: PushRegistration;
  try {
    found = await checkRegistration(connection, wanted);
  } catch (error) {
    const { code, message } = asConnectorError(error);
    return code === 'ACCESS_DENIED' ? { isUnverified: true } : { problem: `${code} ${message}` };
  }
  if (found.issues.length === 0) return { registration: found };
  try {
    const registration = await repairRegistration(connection, wanted);
    const { issues } = registration;
    return issues.length === 0 ? { registration } : { registration, problem: `${issues.join('; ')}.` };
  } catch (error) {
    const { message, advice } = asConnectorError(error);
    return { registration: found, problem: `${found.issues.join('; ')}. ${message} ${advice}` };
  }
}

/** Failed jobs that were not counted. A user who may not read system jobs sees the other figure only. */
async function readLost(
  connection: OpenedRoute['connection'],
  registration: PushRegistration | undefined,
  { untilMs, ids }: ConnectionPush['jobs'],
): Promise<readonly FailedPush[]> {
  if (registration === undefined || registration.steps.size === 0) return [];
  const counted = new Set(ids);
  const failed = await readFailedPushes(connection, registration.steps, untilMs).catch(() => []);
  return failed.filter(({ id }) => !counted.has(id));
}

function unsupportedTables(registration: PushRegistration | undefined): Readonly<Record<string, string>> {
  const tables = registration?.unsupported ?? [];
  return Object.fromEntries(tables.map((table) => [table, `The table ${table} sends no webhooks.`]));
}

function lostTables(failed: readonly FailedPush[]): Readonly<Record<string, string>> {
  const counts = countByTable(failed);
  const reasonOf = (table: string) => failed.findLast((each) => each.table === table)?.reason ?? '';
  return Object.fromEntries(
    Object.entries(counts).map(([table, count]) => [
      table,
      `The organization could not send ${count === 1 ? 'a webhook' : `${count} webhooks`}: ${reasonOf(table)}`,
    ]),
  );
}

function addLost(before: ConnectionPush['lost'], failed: readonly FailedPush[]): ConnectionPush['lost'] {
  const counts = countByTable(failed);
  const tables = [...Object.keys(before), ...Object.keys(counts)];
  return Object.fromEntries(tables.map((table) => [table, (before[table] ?? 0) + (counts[table] ?? 0)]));
}

function countByTable(failed: readonly FailedPush[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { table } of failed) counts[table] = (counts[table] ?? 0) + 1;
  return counts;
}

/** Times have second precision, so those of the last second are remembered by their ids. */
function nextJobs(before: ConnectionPush['jobs'], failed: readonly FailedPush[]): ConnectionPush['jobs'] {
  const last = failed.at(-1);
  if (last === undefined) return before;
  const untilMs = Math.max(before.untilMs, last.atMs);
  const ids = failed.filter(({ atMs }) => atMs === untilMs).map(({ id }) => id);
  return { untilMs, ids: untilMs === before.untilMs ? [...before.ids, ...ids] : ids };
}
