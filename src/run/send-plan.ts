import { ConnectorError } from '../errors/connector-error.ts';
import type { Answer, Call } from '../http/call.ts';
import type { RequestAction } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { RequestPlan } from '../model/plan.ts';
import type { Table } from '../model/table.ts';
import { markPlan } from '../query/explain-refusal.ts';
import { type CallOptions, optionHeaders, refuseVersion } from './call-options.ts';
import type { Connection } from './connection.ts';
import { namedId } from './ids.ts';
import { forgetColumn, selectOf } from './missing-columns.ts';
import { planRequest } from './plan-request.ts';
import { type Settled, sendAndSettle } from './settle.ts';

/** How one call is made. */
export interface RunOptions extends CallOptions {
  /** Cancels the call: it ends with ABORTED. */
  readonly signal?: AbortSignal;
  /**
   * Makes a create safe to repeat by its caller: the same key on the same connection and action always means
   * the same row, also after a crash.
   */
  readonly idempotencyKey?: string;
  /** Told after each page of a list how many rows have been read so far. */
  readonly onRows?: (count: number) => void;
  /** Rows a page, 1 to 5,000. */
  readonly pageSize?: number;
}

/** A plan that was sent, and what came of it. */
export interface Sent extends Settled {
  readonly plan: RequestPlan;
  readonly requestId: string;
}

/**
 * Plans and sends one action whose input has been checked. Organisations differ: a column of our own
 * `$select` that this one lacks is dropped for the connection and the request sent again; Dataverse refuses
 * such a request before it does anything, so that is safe.
 */
export async function sendPlan(
  connection: Connection,
  action: RequestAction,
  input: JsonObject,
  options: RunOptions,
): Promise<Sent> {
  const requestId = connection.world.uuid();
  const key = options.idempotencyKey;
  const newId = key === undefined ? connection.world.uuid() : namedId(connection.origin, action.id, key);
  for (;;) {
    const plan = planFor(connection, action, input, { newId, ...options });
    try {
      const call = callOf(plan, requestId, options.signal);
      const settled = await sendAndSettle(connection.exchange, plan, call, key !== undefined);
      return { ...settled, plan, requestId };
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      const table = tableOf(connection, action);
      if (table === undefined || !forgetColumn(connection, table, error)) {
        throw markPlan(plan, error).with({ operation: action.id, requestId });
      }
    }
  }
}

/** The plan for this connection as it is known now. */
export function planFor(
  connection: Connection,
  action: RequestAction,
  input: JsonObject,
  options: { readonly newId: string; readonly pageSize?: number } & CallOptions,
): RequestPlan {
  const { definition, baseUrl, settings } = connection;
  const plan = planRequest(
    {
      definition,
      baseUrl,
      connection: settings,
      newId: options.newId,
      select: (table) => selectOf(connection, table),
      ...(options.pageSize === undefined ? {} : { pageSize: options.pageSize }),
    },
    action,
    input,
  );
  if (!isVersioned(plan)) refuseVersion(options, plan.operation);
  return { ...plan, headers: { ...plan.headers, ...optionHeaders(options) } };
}

/** Does it change or delete one row that is there? */
function isVersioned({ method, safety }: RequestPlan): boolean {
  return (method === 'PATCH' && safety !== 'create') || method === 'DELETE';
}

/** The table whose rows an action answers. */
export function tableOf(connection: Connection, { output }: RequestAction): Table | undefined {
  return 'table' in output ? connection.definition.tables[output.table] : undefined;
}

/** The wire call of a plan. */
function callOf(plan: RequestPlan, requestId: string, signal?: AbortSignal): Call {
  const { operation, method, url, headers, body, safety } = plan;
  return {
    operation,
    method,
    url,
    headers,
    safety,
    requestId,
    ...(body === undefined ? {} : { body }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** The answer, or its error thrown. */
export function answered(answer: Answer): Answer {
  if (answer.error !== undefined) throw answer.error;
  return answer;
}
