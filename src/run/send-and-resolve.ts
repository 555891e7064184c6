import { ConnectorError } from '../errors/connector-error.ts';
import type { ApiRequest, ApiResponse, Pipeline } from '../http/api-request.ts';
import type { JsonObject } from '../model/json.ts';
import type { RequestPlan } from '../model/plan.ts';

/** The response to a call, and whether an earlier attempt had carried it out. */
export interface ResolvedOutcome {
  readonly response: ApiResponse;
  /** An earlier attempt, or an earlier call with the same idempotency key, had carried out the request. */
  readonly replayed: boolean;
}

/**
 * Sends a plan and resolves outcomes that one response does not tell: a create whose row exists already, a delete whose
 * row is gone already, a one-time action whose connection broke. Throws the error of every other failed response.
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
  if (response.error === undefined)
    return { response: await withWrittenRow(pipeline, plan, request, response), replayed: false };
  if (plan.safety === 'create' && response.status === 412 && (response.ambiguous || hasIdempotencyKey)) {
    const read = readRowRequest(plan, request);
    return { response: await readBackCreated(pipeline, read, response), replayed: true };
  }
  if (plan.safety === 'delete' && response.status === 404 && response.ambiguous) {
    return { response: { ...response, status: 204, body: undefined, error: undefined }, replayed: true };
  }
  throw isOwnChange(request, response) ? unknownVersion(response.error) : response.error;
}

/** Whether an earlier attempt may have changed the row itself, so that it has no longer the version of `If-Match`. */
function isOwnChange({ method, headers }: ApiRequest, { status, ambiguous }: ApiResponse): boolean {
  return method === 'PATCH' && status === 412 && ambiguous && headers['if-match']?.startsWith('W/') === true;
}

function unknownVersion(error: ConnectorError): ConnectorError {
  const { advice: _, ...details } = error.details;
  const message = 'The row has changed; an attempt whose response was lost may have changed it.';
  return new ConnectorError('REQUEST_OUTCOME_UNKNOWN', message, details);
}

/**
 * The response to a write with the row that was asked for. An organization that answers 204 without the row has written
 * it, so it is read.
 */
export async function withWrittenRow<Response extends Pick<ApiResponse, 'status' | 'headers' | 'body'>>(
  pipeline: Pipeline,
  plan: RequestPlan,
  request: ApiRequest,
  written: Response,
): Promise<Response> {
  const url = written.body === undefined ? writtenRowUrl(plan, written.headers) : undefined;
  if (url === undefined) return written;
  const read = await pipeline(readRowRequest({ ...plan, createdUrl: url }, request));
  if (read.error === undefined) return { ...written, body: read.body };
  throw read.error.withDetails({
    advice:
      'The organization has written the row, but returned it neither with the write nor when it was read.',
  });
}

/** The URL of a row that was written, with its columns; undefined if the request does not return a row that it writes. */
function writtenRowUrl(
  { method, output, url, createdUrl }: RequestPlan,
  headers: ApiResponse['headers'],
): string | undefined {
  if (output.kind !== 'row' || method === 'GET') return undefined;
  if (createdUrl !== undefined) return createdUrl;
  if (method === 'PATCH') return url;
  const entityUrl = headers['odata-entityid'];
  return entityUrl === undefined ? undefined : `${entityUrl}${new URL(url).search}`;
}

/**
 * Reads the row that an earlier attempt may have created. If there is none, the 412 came from an alternate key or a
 * duplicate detection rule, and the rejection stays the outcome.
 */
async function readBackCreated(
  pipeline: Pipeline,
  read: ApiRequest,
  rejected: ApiResponse,
): Promise<ApiResponse> {
  const response = await pipeline(read);
  if (response.status === 404) throw rejected.error ?? response.error;
  if (response.error !== undefined) throw response.error;
  return { ...response, attempts: rejected.attempts + response.attempts };
}

/**
 * Resolves REQUEST_OUTCOME_UNKNOWN: a create reads its row, a one-time action runs its `verifyWith`. Otherwise, and if
 * the read does not show the change, the outcome stays unknown: Dataverse may still carry out the request.
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
    advice: 'The row does not show the change yet. Read the row again before you repeat the action.',
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
      'The row does not exist yet. Repeat the call with the same idempotency key; it never creates a second row.',
  });
}

/** The request that reads the row of a create. */
function readRowRequest({ createdUrl }: RequestPlan, request: ApiRequest): ApiRequest {
  const { 'if-none-match': _, 'if-match': __, ...headers } = request.headers;
  const { body: ___, ...rest } = request;
  return { ...rest, method: 'GET', url: createdUrl ?? request.url, headers, safety: 'repeatable' };
}
