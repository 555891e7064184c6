import { ConnectorError } from '../errors/connector-error.ts';
import type { ApiRequest, ApiResponse, Pipeline } from '../http/api-request.ts';
import type { JsonObject } from '../model/json.ts';
import type { RequestPlan } from '../model/plan.ts';

/** The answer of a call, with what was found out about its earlier attempts. */
export interface ResolvedOutcome {
  readonly response: ApiResponse;
  /** An earlier attempt (or an earlier call with the same key) had done the work. */
  readonly replayed: boolean;
}

/**
 * Sends a plan, and finds out what happened where one answer alone does not say: a create that meets its own
 * row, a delete that is already gone, a one-time action whose line broke. Throws what stays an error.
 */
export async function sendAndResolve(
  pipeline: Pipeline,
  plan: RequestPlan,
  request: ApiRequest,
  hasIdempotencyKey: boolean,
): Promise<ResolvedOutcome> {
  let response: ApiResponse;
  try {
    response = await pipeline(request);
  } catch (error) {
    return { response: await resolveUnknown(pipeline, plan, request, error), replayed: true };
  }
  if (response.error === undefined) return { response, replayed: false };
  if (plan.safety === 'create' && response.status === 412 && (response.ambiguous || hasIdempotencyKey)) {
    return {
      response: await readBackCreated(pipeline, readRowRequest(plan, request), response),
      replayed: true,
    };
  }
  if (plan.safety === 'delete' && response.status === 404 && response.ambiguous) {
    return { response: { ...response, status: 204, body: undefined, error: undefined }, replayed: true };
  }
  throw response.error;
}

/** The row we may have created: found = ours; absent = the 412 came from an alternate key or a duplicate rule. */
async function readBackCreated(
  pipeline: Pipeline,
  read: ApiRequest,
  rejected: ApiResponse,
): Promise<ApiResponse> {
  const response = await pipeline(read);
  if (response.status === 404) throw rejected.error!;
  if (response.error !== undefined) throw response.error;
  return { ...response, attempts: rejected.attempts + response.attempts };
}

/**
 * After REQUEST_OUTCOME_UNKNOWN: a create looks for its own row, a one-time action asks its own question. What
 * cannot be asked, or does not show, stays unknown: the request may still be on its way.
 */
async function resolveUnknown(
  pipeline: Pipeline,
  plan: RequestPlan,
  request: ApiRequest,
  error: unknown,
): Promise<ApiResponse> {
  if (!(error instanceof ConnectorError) || error.code !== 'REQUEST_OUTCOME_UNKNOWN') throw error;
  if (plan.safety === 'create') return await findCreated(pipeline, readRowRequest(plan, request), error);
  if (plan.verifyWith === undefined) throw error;
  const { url, expect } = plan.verifyWith;
  const { body: _, ...rest } = request;
  const response = await pipeline({ ...rest, method: 'GET', url, headers: {}, safety: 'repeatable' });
  const row = (response.body ?? {}) as JsonObject;
  if (Object.entries(expect).every(([column, value]) => row[column] === value)) {
    return { ...response, status: 204, body: undefined };
  }
  throw error.withDetails({
    advice: 'The row does not show the change (yet). Look at it again before you repeat.',
  });
}

async function findCreated(
  pipeline: Pipeline,
  read: ApiRequest,
  unknownOutcome: ConnectorError,
): Promise<ApiResponse> {
  const response = await pipeline(read);
  if (response.error === undefined) return response;
  throw unknownOutcome.withDetails({
    advice:
      'No such row is there (yet). Repeat with the same idempotency key: that never makes a second row.',
  });
}

/** Reads the row that a create makes. */
function readRowRequest({ createdUrl }: RequestPlan, request: ApiRequest): ApiRequest {
  const { 'if-none-match': _, ...headers } = request.headers;
  const { body: __, ...rest } = request;
  return { ...rest, method: 'GET', url: createdUrl ?? request.url, headers, safety: 'repeatable' };
}
