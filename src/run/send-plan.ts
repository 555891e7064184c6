import { ConnectorError } from '../errors/connector-error.ts';
import type { ApiRequest, ApiResponse, Pipeline } from '../http/api-request.ts';
import type { DirectAttempt } from '../http/direct-attempt.ts';
import type { RequestAction } from '../model/definition.ts';
import { hasMembers } from '../model/has-members.ts';
import type { JsonObject } from '../model/json.ts';
import type { RequestPlan } from '../model/plan.ts';
import type { Table } from '../model/table.ts';
import { type CallOptions, optionHeaders, rejectVersionOption } from './call-options.ts';
import type { Connection, Planner } from './connection.ts';
import { deterministicId } from './deterministic-id.ts';
import { recordMissingColumn } from './missing-columns.ts';
import { isFormRefused, nextNewRowForm, withNewRowForm, withPrincipalKeys } from './request-forms.ts';
import { outputTableOf } from './require-table.ts';
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
  options: RunOptions & { readonly started?: StartedCall },
): Promise<SentPlan> {
  const { started = startCall(connection, action, input, options) } = options;
  const { requestId, newId } = started;
  const pipeline = continuedPipeline(connection, started);
  for (let { plan } = started; ; plan = planForConnection(connection, action, input, { ...options, newId })) {
    try {
      return await sendInAcceptedForm({ ...connection, pipeline }, plan, { ...options, requestId });
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      const table = outputTableOf(connection, action);
      if (table === undefined || !recordMissingColumn(connection, table, error)) {
        const { addPlanDiagnostics } = await import('../query/error-diagnostics.ts');
        const { addSegmentSuggestions } = await import('../query/suggest-segments.ts');
        const { source } = connection.queryChecker;
        const explained = await addSegmentSuggestions(source, plan.url, addPlanDiagnostics(plan, error));
        throw explained.withDetails({ operation: action.id, requestId });
      }
    }
  }
}

/** A call that was planned, and perhaps sent. */
export interface StartedCall {
  readonly requestId: string;
  readonly newId: string;
  readonly plan: RequestPlan;
  /** The first attempt, if it was sent directly. */
  readonly attempt?: DirectAttempt;
  /** Its response, if that was ordinary for the pipeline, but not for the action. */
  readonly response?: ApiResponse;
}

/** Plans a call: its ids, and its first request. */
export function startCall(
  connection: Connection,
  action: RequestAction,
  input: JsonObject,
  options: RunOptions,
): StartedCall {
  const { services, origin } = connection;
  const key = options.idempotencyKey;
  const requestId = services.uuid();
  const newId = key === undefined ? randomIdFor(connection, action) : deterministicId(origin, action.id, key);
  return { requestId, newId, plan: planForConnection(connection, action, input, { ...options, newId }) };
}

/** A new id for the row that an action creates; empty if its request has none. */
export function randomIdFor({ compiled, definition, services }: Planner, action: RequestAction): string {
  return compiled.of(definition, action).needsNewId ? services.uuid() : '';
}

/** The pipeline of a call. Its first request has been sent already if the call was started directly. */
function continuedPipeline({ direct, pipeline }: Connection, { attempt, response }: StartedCall): Pipeline {
  if (attempt === undefined || direct === undefined) return pipeline;
  let isFirst = true;
  return async (request) => {
    if (!isFirst) return await pipeline(request);
    isFirst = false;
    return response ?? (await direct.finish(attempt));
  };
}

type SendOptions = Pick<RunOptions, 'idempotencyKey' | 'signal'> & { readonly requestId: string };

/**
 * Sends a plan, and sends it in another form if the organization refuses the form. Nothing has been carried out then. If
 * no form is accepted, the first error stands.
 */
async function sendInAcceptedForm(
  connection: Connection,
  plan: RequestPlan,
  options: SendOptions,
): Promise<SentPlan> {
  const { requestId, signal } = options;
  const hasKey = options.idempotencyKey !== undefined;
  try {
    const request = toApiRequest(plan, requestId, signal);
    const outcome = await sendAndResolve(connection.pipeline, plan, request, hasKey);
    return { ...outcome, plan, requestId };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    const body = withPrincipalKeys(plan.body, error);
    if (body !== undefined) return await sendInAcceptedForm(connection, { ...plan, body }, options);
    const form = nextNewRowForm(plan, error, hasKey);
    const table = outputTableOf(connection, plan);
    if (form === undefined || table === undefined) throw error;
    const sent = await sendInAcceptedForm(connection, withNewRowForm(plan, table, form), options).catch(
      (later) => {
        throw later instanceof ConnectorError && isFormRefused(later) ? error : later;
      },
    );
    if (!connection.newRowForms.has(table.logicalName)) connection.newRowForms.set(table.logicalName, form);
    return sent;
  }
}

/** The plan of an action for this connection, with the headers of the call options. */
export function planForConnection(
  connection: Planner,
  action: RequestAction,
  input: JsonObject,
  options: {
    readonly newId: string;
    readonly pageSize?: number;
    readonly idempotencyKey?: string;
  } & CallOptions,
): RequestPlan {
  const { definition, baseUrl, settings, compiled, newRowForms } = connection;
  const { newId, pageSize } = options;
  const select = (table: Table) => selectClauseOf(connection, table);
  const context = { baseUrl, connection: settings, newId, select, pageSize };
  const plan = compiled.of(definition, action).plan(context, input);
  if (!changesExistingRow(plan)) rejectVersionOption(options, plan.operation);
  const table = newRowForms.size === 0 ? undefined : outputTableOf(connection, action);
  const accepted =
    table === undefined ? plan : inAcceptedForm(connection, plan, table, options.idempotencyKey);
  const headers = optionHeaders(options);
  return hasMembers(headers) ? { ...accepted, headers: { ...accepted.headers, ...headers } } : accepted;
}

/** A call with an idempotency key is never sent in a form that could create a second row. */
function inAcceptedForm(
  { newRowForms }: Planner,
  plan: RequestPlan,
  table: Table,
  idempotencyKey: string | undefined,
): RequestPlan {
  const form = newRowForms.get(table.logicalName);
  const isUnsafe = form === 'post' && idempotencyKey !== undefined;
  return withNewRowForm(plan, table, isUnsafe ? 'post-with-id' : form);
}

/** Whether the request changes or deletes one existing row. */
function changesExistingRow({ method, safety }: RequestPlan): boolean {
  return (method === 'PATCH' && safety !== 'create') || method === 'DELETE';
}

/** The request of a plan. */
export function toApiRequest(plan: RequestPlan, requestId: string, signal?: AbortSignal): ApiRequest {
  const { operation, method, url, headers, body, safety } = plan;
  return { operation, method, url, headers, safety, requestId, body, signal };
}

/** Returns a successful response; throws the error of a failed one. */
export function requireSuccess(response: ApiResponse): ApiResponse {
  if (response.error !== undefined) throw response.error;
  return response;
}
