import { ConnectorError } from '../errors/connector-error.ts';
import { toPartError } from '../http/to-part-error.ts';
import type { Json } from '../model/json.ts';
import type { RequestPlan } from '../model/plan.ts';
import type { BatchItem, BatchRequest, BatchResponse } from '../odata/batch/batch-types.ts';
import { rejectVersionOption } from '../run/call-options.ts';
import type { Connection } from '../run/connection.ts';
import { shapeOutput } from '../run/run-action.ts';
import { parsePartBody, sendBatchForParts } from '../run/send-batch-request.ts';
import type { RunOptions } from '../run/send-plan.ts';
import { type ChangeSetStep, type PlannedStep, planSteps } from './plan-steps.ts';

const OPERATION = 'batch';

/**
 * Runs actions that write in one change set: all of them are done, or none. Answers their outputs in order; the error
 * of the one that failed is thrown, with its place among them. It is never sent twice.
 */
export async function runChangeSet(
  connection: Connection,
  steps: readonly ChangeSetStep[],
  options: RunOptions = {},
): Promise<readonly Json[]> {
  rejectVersionOption(options, 'a change set');
  const planned = await planSteps(connection, steps, options);
  if (planned.length === 0) return [];
  const items = [{ changeSet: planned.map(({ plan }, index) => toBatchPart(plan, index)) }];
  const { signal } = options;
  const responseItems = await sendBatchForParts(connection, {
    operation: OPERATION,
    items,
    safety: 'once',
    signal,
  });
  const parts = flattenParts(responseItems);
  const failed = parts.find(({ status }) => status >= 300);
  if (failed !== undefined) throw toStepError(connection, planned, failed);
  if (parts.length !== planned.length) {
    const message = `${planned.length} requests were answered by ${parts.length} parts.`;
    throw new ConnectorError('RESPONSE_INVALID', message, { operation: OPERATION });
  }
  return planned.map(({ plan, connection: own }, index) =>
    shapeOutput(own, plan, parsePartBody(parts[index]!.body)),
  );
}

function toBatchPart({ method, url, headers, body }: RequestPlan, index: number): BatchRequest {
  const contentId = String(index + 1);
  if (body === undefined) return { method, url, headers, contentId };
  const allHeaders = { 'content-type': 'application/json; type=entry', ...headers };
  return { method, url, headers: allHeaders, body: JSON.stringify(body), contentId };
}

function flattenParts(items: readonly BatchItem<BatchResponse>[]): readonly BatchResponse[] {
  return items.flatMap((item) => ('part' in item ? [item.part] : item.changeSet));
}

/** The one answer of a change set that failed says by its Content-ID which request it is about. */
function toStepError(
  connection: Connection,
  planned: readonly PlannedStep[],
  { status, headers, body, contentId }: BatchResponse,
): ConnectorError {
  const step = planned[Number(contentId) - 1];
  const { operation, method, url, headers: sent } = (step ?? planned[0]!).plan;
  const request = { operation, requestId: '', method, url, headers: sent };
  const response = { status, headers, body: parsePartBody(body) };
  const error = toPartError(request, response, connection.definition.errors);
  const message = `${step?.label ?? 'A step'} failed, so none was done. ${error.message}`;
  return new ConnectorError(error.code, message, error.details);
}
