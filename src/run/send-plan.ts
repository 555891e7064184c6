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
import { recordMissingColumn } from './missing-columns.ts';
import { planRequest } from './plan-request.ts';
import type { RunOptions } from './run-options.ts';
import { selectClauseOf } from './select-clause.ts';
import { type ResolvedOutcome, sendAndResolve } from './send-and-resolve.ts';

/** A plan that was sent, and its outcome. */
export interface SentPlan extends ResolvedOutcome {
  readonly plan: RequestPlan;
  readonly requestId: string;
}

/**
 * Plans and sends one action whose input has been checked. If this organization lacks a column of our `$select`, the
 * connection leaves the column out from then on and the request is sent again. That is safe: Dataverse rejects such a
 * request before it carries out anything.
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

/** The plan of an action for this connection, with the headers of the call options. */
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
      pageSize: options.pageSize,
    },
    action,
    input,
  );
  if (!changesExistingRow(plan)) rejectVersionOption(options, plan.operation);
  return { ...plan, headers: { ...plan.headers, ...optionHeaders(options) } };
}

/** Whether the request changes or deletes one existing row. */
function changesExistingRow({ method, safety }: RequestPlan): boolean {
  return (method === 'PATCH' && safety !== 'create') || method === 'DELETE';
}

/** The table of the rows that an action returns; undefined if it returns none. */
export function outputTableOf(connection: Connection, { output }: RequestAction): Table | undefined {
  return 'table' in output ? connection.definition.tables[output.table] : undefined;
}

function toApiRequest(plan: RequestPlan, requestId: string, signal?: AbortSignal): ApiRequest {
  const { operation, method, url, headers, body, safety } = plan;
  return { operation, method, url, headers, safety, requestId, body, signal };
}

/** Returns a successful response; throws the error of a failed one. */
export function requireSuccess(response: ApiResponse): ApiResponse {
  if (response.error !== undefined) throw response.error;
  return response;
}
