import { ConnectorError } from '../errors/connector-error.ts';
import type { ApiRequest, ApiResponse } from '../http/api-request.ts';
import type { RequestAction } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { RequestPlan } from '../model/plan.ts';
import type { Table } from '../model/table.ts';
import { addPlanDiagnostics } from '../query/error-diagnostics.ts';
import { type CallOptions, optionHeaders, rejectVersionOption } from './call-options.ts';
import type { Connection } from './connection.ts';
import { deterministicId } from './deterministic-id.ts';
import { recordMissingColumn, selectClauseOf } from './missing-columns.ts';
import { type ResolvedOutcome, sendAndResolve } from './outcome.ts';
import { planRequest } from './plan-request.ts';

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
export interface SentPlan extends ResolvedOutcome {
  readonly plan: RequestPlan;
  readonly requestId: string;
}

/**
 * Plans and sends one action whose input has been checked. Organizations differ: a column of our own
 * `$select` that this one lacks is dropped for the connection and the request sent again; Dataverse refuses
 * such a request before it does anything, so that is safe.
 */
export async function sendPlan(
  connection: Connection,
  action: RequestAction,
  input: JsonObject,
  options: RunOptions,
): Promise<SentPlan> {
  const requestId = connection.services.uuid();
  const key = options.idempotencyKey;
  const newId =
    key === undefined ? connection.services.uuid() : deterministicId(connection.origin, action.id, key);
  for (;;) {
    const plan = planForConnection(connection, action, input, { newId, ...options });
    try {
      const request = toApiRequest(plan, requestId, options.signal);
      const outcome = await sendAndResolve(connection.pipeline, plan, request, key !== undefined);
      return { ...outcome, plan, requestId };
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      const table = outputTableOf(connection, action);
      if (table === undefined || !recordMissingColumn(connection, table, error)) {
        throw addPlanDiagnostics(plan, error).withDetails({ operation: action.id, requestId });
      }
    }
  }
}

/** The plan for this connection as it is known now. */
export function planForConnection(
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
      select: (table) => selectClauseOf(connection, table),
      ...(options.pageSize === undefined ? {} : { pageSize: options.pageSize }),
    },
    action,
    input,
  );
  if (!changesExistingRow(plan)) rejectVersionOption(options, plan.operation);
  return { ...plan, headers: { ...plan.headers, ...optionHeaders(options) } };
}

/** Does it change or delete one row that is there? */
function changesExistingRow({ method, safety }: RequestPlan): boolean {
  return (method === 'PATCH' && safety !== 'create') || method === 'DELETE';
}

/** The table whose rows an action answers. */
export function outputTableOf(connection: Connection, { output }: RequestAction): Table | undefined {
  return 'table' in output ? connection.definition.tables[output.table] : undefined;
}

/** The wire call of a plan. */
function toApiRequest(plan: RequestPlan, requestId: string, signal?: AbortSignal): ApiRequest {
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
export function requireSuccess(response: ApiResponse): ApiResponse {
  if (response.error !== undefined) throw response.error;
  return response;
}
