import { ConnectorError } from '../errors/connector-error.ts';
import { type BatchPartRequest, toPartError } from '../http/to-part-error.ts';
import type { Json } from '../model/json.ts';
import type { RequestPlan } from '../model/plan.ts';
import type { BatchItem, BatchRequest, BatchResponse } from '../odata/batch/batch-types.ts';
import { assertObject } from '../run/assert-object.ts';
import { rejectVersionOption } from '../run/call-options.ts';
import { unreadableInputError } from '../run/check-input.ts';
import type { Connection } from '../run/connection.ts';
import type { RunOptions } from '../run/run-options.ts';
import { withWrittenRow } from '../run/send-and-resolve.ts';
import { parsePartBody, sendBatchForParts } from '../run/send-batch-request.ts';
import { toApiRequest } from '../run/send-plan.ts';
import { type ChangeSetStep, type PlannableStep, type PlannedStep, planSteps } from './plan-steps.ts';
import { resolveReferences } from './resolve-references.ts';

const operation = 'changeset';

/**
 * Runs actions that write in one change set: Dataverse carries out all of them or none. Returns their outputs in order.
 * If a step fails, its error is thrown with the step in its message. The request is never retried.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
 */
export async function runChangeSet(
  connection: Connection,
  steps: readonly ChangeSetStep[],
  options: RunOptions = {},
): Promise<readonly Json[]> {
  if (!Array.isArray(steps)) throw new ConnectorError('INPUT_INVALID', 'The steps must be a list.');
  return await sendChangeSet(connection, steps.map(toPlannable), options);
}

function toPlannable(step: ChangeSetStep): PlannableStep {
  assertObject('step', step);
  const { name, action, input = {} } = step;
  const resolveInput: PlannableStep['resolveInput'] = (schema, rows) => {
    try {
      return resolveReferences(input, schema, rows);
    } catch (error) {
      throw error instanceof ConnectorError ? error : unreadableInputError(action);
    }
  };
  return { name, action, resolveInput };
}

/** Like `runChangeSet`, for steps that resolve their references themselves. */
export async function sendChangeSet(
  connection: Connection,
  steps: readonly PlannableStep[],
  options: RunOptions,
): Promise<readonly Json[]> {
  rejectVersionOption(options, 'a change set');
  const planned = await planSteps(connection, steps, options);
  if (planned.length === 0) return [];
  const items = [{ changeSet: planned.map(({ plan }, index) => toBatchPart(plan, index)) }];
  const { signal } = options;
  const response = await sendBatchForParts(connection, { operation, items, safety: 'once', signal });
  const parts = flattenParts(response);
  const failed = parts.find(({ status }) => status >= 300);
  if (failed !== undefined) throw toStepError(connection, planned, failed);
  if (parts.length !== planned.length) {
    const message = `The change set has ${planned.length} requests and ${parts.length} responses.`;
    throw new ConnectorError('RESPONSE_INVALID', message, { operation });
  }
  return await Promise.all(planned.map((step, index) => readOutput(step, parts[index], signal)));
}

async function readOutput(
  { connection, action, plan }: PlannedStep,
  part: BatchResponse | undefined,
  signal: AbortSignal | undefined,
): Promise<Json> {
  const { shape } = connection.compiled.of(connection.definition, action);
  const row = parsePartBody(part?.body);
  if (row !== undefined) return shape(row);
  const request = toApiRequest(plan, connection.services.uuid(), signal);
  const written = { status: part?.status ?? 0, headers: part?.headers ?? {}, body: row };
  return shape((await withWrittenRow(connection.pipeline, plan, request, written)).body);
}

function toBatchPart({ method, url, headers, body }: RequestPlan, index: number): BatchRequest {
  const contentId = String(index + 1);
  if (body === undefined) return { method, url, headers, contentId };
  const allHeaders = { 'content-type': 'application/json; type=entry', ...headers };
  return { method, url, headers: allHeaders, body: JSON.stringify(body), contentId };
}

function toPartRequest({ operation: id, method, url, headers }: RequestPlan): BatchPartRequest {
  return { operation: id, requestId: '', method, url, headers };
}

function batchRequest({ baseUrl }: Connection): BatchPartRequest {
  return { operation, requestId: '', method: 'POST', url: `${baseUrl}/$batch`, headers: {} };
}

function flattenParts(items: readonly BatchItem<BatchResponse>[]): readonly BatchResponse[] {
  return items.flatMap((item) => ('part' in item ? [item.part] : item.changeSet));
}

/** A failed change set has one response; its Content-ID tells which step failed. */
function toStepError(
  connection: Connection,
  planned: readonly PlannedStep[],
  { status, headers, body, contentId }: BatchResponse,
): ConnectorError {
  const step = planned[Number(contentId) - 1];
  const request = step === undefined ? batchRequest(connection) : toPartRequest(step.plan);
  const response = { status, headers, body: parsePartBody(body) };
  const error = toPartError(request, response, connection.definition.errors);
  const message = `${step?.label ?? 'A step'} failed, so no step was carried out. ${error.message}`;
  return new ConnectorError(error.code, message, error.details);
}
