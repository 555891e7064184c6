import type { Clock } from 'dynamics365-connector';
import { isJsonObject } from 'dynamics365-connector/base';
import { formatDateTime } from '../store/date-time.ts';
import { columnEquals, numberLiteral } from '../store/query/filter-nodes.ts';
import type { ColumnValues, StoredRow } from '../store/types.ts';
import {
  expiryOf,
  monitorUrl,
  readBackgroundRequest,
  removeBackgroundOperation,
  statusOf,
} from '../web-api/background-operations.ts';
import type { OrganizationContext, WebApiResponse } from '../web-api/types.ts';
import { sendOnce } from '../webhooks/deliver-webhook.ts';
import type { SendWebhook } from '../webhooks/send-webhook.ts';
import type { JobQueue } from './job-runner.ts';
import type { SendRequest } from './send-request.ts';

/** What the queue of background operations needs. */
export interface BackgroundQueueOptions {
  readonly org: OrganizationContext;
  readonly clock: Clock;
  readonly send: SendWebhook;
  /** Sends a request to the Web API on behalf of a user. */
  readonly request: SendRequest;
}

/** A failed operation is tried again so many times, each time after twice the wait. */
const maxRetries = 3;
const firstRetryMs = 5_000;

/** The background operations of an organization, as a queue. */
export function createBackgroundQueue(options: BackgroundQueueOptions): JobQueue {
  const { org, clock } = options;
  /** When failed operations are tried again. */
  const retryAt = new Map<string, number>();
  let nextExpiryMs = 0;
  const isReady = ({ id }: StoredRow) => (retryAt.get(id) ?? 0) <= clock.now();
  return {
    claim() {
      if (clock.now() >= nextExpiryMs) nextExpiryMs = removeExpired(options);
      for (const { id } of findOperations(org, 2, 22)) endOperation(options, id, { status: 32 });
      const row = findOperations(org, 0, 0).find(isReady);
      if (!row) return undefined;
      const starttime = formatDateTime(clock.now());
      update(org, row.id, { backgroundoperationstatecode: 2, backgroundoperationstatuscode: 20, starttime });
      return () => runOperation(options, row, retryAt);
    },
    nextDueMs() {
      const waiting = findOperations(org, 0, 0).flatMap(({ id }) => retryAt.get(id) ?? []);
      return waiting.length === 0 ? undefined : Math.min(...waiting);
    },
  };
}

function findOperations(
  { systemStore: store }: OrganizationContext,
  state: number,
  status: number,
): readonly StoredRow[] {
  if (store.count('backgroundoperation') === 0) return [];
  const filter = columnEquals('backgroundoperationstatecode', numberLiteral(state));
  const { rows } = store.query('backgroundoperation', { filter, actor: { userId: '' } });
  return rows.filter(({ values }) => values.backgroundoperationstatuscode === status);
}

/** Operations that start meanwhile expire later than this. */
const expiryCheckMs = 3_600_000;

/** Removes the operations that have expired. Returns when to do it again. */
function removeExpired({ org, clock }: BackgroundQueueOptions): number {
  const { systemStore: store } = org;
  const nowMs = clock.now();
  const { rows } = store.query('backgroundoperation', { actor: { userId: '' } });
  for (const row of rows) if (expiryOf(row) <= nowMs) removeBackgroundOperation(store, row.id);
  return nowMs + expiryCheckMs;
}

async function runOperation(
  options: BackgroundQueueOptions,
  { id, values }: StoredRow,
  retryAt: Map<string, number>,
): Promise<void> {
  const { org, clock } = options;
  const request = readBackgroundRequest(org.systemStore, id);
  const response = request && (await options.request(String(values.runas), request));
  if (response && response.status < 400) {
    endOperation(options, id, { status: 30, outputparameters: readOutputs(response) });
    return;
  }
  const retrycount = Number(org.systemStore.read('backgroundoperation', id)?.values.retrycount ?? 0);
  if (request && retrycount < maxRetries) {
    retryAt.set(id, clock.now() + firstRetryMs * 2 ** retrycount);
    update(org, id, {
      ...{ backgroundoperationstatecode: 0, backgroundoperationstatuscode: 0 },
      retrycount: retrycount + 1,
    });
    return;
  }
  retryAt.delete(id);
  endOperation(options, id, { status: 31, ...readError(response) });
}

/** The members of a response as JSON text of keys and values. */
function readOutputs({ body }: WebApiResponse): string {
  const json =
    body === undefined ? {} : (JSON.parse(Buffer.from(body).toString()) as Record<string, unknown>);
  const outputs = Object.entries(json).filter(([name]) => !name.startsWith('@'));
  return JSON.stringify(outputs.map(([Key, Value]) => ({ Key, Value })));
}

function readError(response: WebApiResponse | undefined): ColumnValues {
  const json = response?.body === undefined ? {} : JSON.parse(Buffer.from(response.body).toString());
  const error = isJsonObject(json.error) ? json.error : {};
  return {
    errorcode: Number.parseInt(String(error.code ?? '0x80040216'), 16) | 0,
    errormessage: String(error.message ?? 'The request of the operation is missing.'),
  };
}

function endOperation(
  options: BackgroundQueueOptions,
  id: string,
  { status, ...values }: { readonly status: number } & ColumnValues,
): void {
  const { org, clock } = options;
  update(org, id, {
    ...values,
    ...{ backgroundoperationstatecode: 3, backgroundoperationstatuscode: status },
    endtime: formatDateTime(clock.now()),
  });
  const callbackUrl = readBackgroundRequest(org.systemStore, id)?.callbackUrl;
  if (callbackUrl !== undefined) void callBack(options, id, callbackUrl);
}

/** Reports the end of an operation, once and without its outputs. A failed callback is not repeated. */
async function callBack(
  { org, clock, send }: BackgroundQueueOptions,
  id: string,
  url: string,
): Promise<void> {
  const row = org.systemStore.read('backgroundoperation', id);
  if (!row) return;
  const state = statusOf({ ...row, values: { ...row.values, outputparameters: null } });
  const body = JSON.stringify({ location: monitorUrl(org, id), backgroundOperationId: id, ...state });
  const headers = { 'Content-Type': 'application/json' };
  await sendOnce({ clock, send }, { url, headers, body }).catch(() => {});
}

function update({ systemStore: store }: OrganizationContext, id: string, values: ColumnValues): void {
  const userId = String(store.read('backgroundoperation', id)?.values.runas ?? '');
  store.update({ table: 'backgroundoperation', id, values, actor: { userId } });
}
