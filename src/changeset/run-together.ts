import { ConnectorError } from '../errors/connector-error.ts';
import { explainPart } from '../http/explain-part.ts';
import type { Json } from '../model/json.ts';
import type { RequestPlan } from '../model/plan.ts';
import type { BatchItem, BatchRequest, BatchResponse } from '../odata/batch/types.ts';
import { refuseVersion } from '../run/call-options.ts';
import type { Connection } from '../run/connection.ts';
import { exchangeBatch, jsonOf } from '../run/exchange-batch.ts';
import { shapeOutput } from '../run/run-action.ts';
import type { RunOptions } from '../run/send-plan.ts';
import { type PlannedStep, planSteps, type Step } from './plan-steps.ts';

const OPERATION = 'batch';

/**
 * Runs actions that write in one change set: all of them are done, or none. Answers their outputs in order; the error
 * of the one that failed is thrown, with its place among them. It is never sent twice.
 */
export async function runTogether(
  connection: Connection,
  steps: readonly Step[],
  options: RunOptions = {},
): Promise<readonly Json[]> {
  refuseVersion(options, 'a change set');
  const planned = await planSteps(connection, steps, options);
  if (planned.length === 0) return [];
  const items = [{ changeSet: planned.map(({ plan }, index) => partOf(plan, index)) }];
  const { signal } = options;
  const answered = await exchangeBatch(connection, { operation: OPERATION, items, safety: 'once', signal });
  const parts = partsOf(answered);
  const failed = parts.find(({ status }) => status >= 300);
  if (failed !== undefined) throw errorOf(connection, planned, failed);
  if (parts.length !== planned.length) {
    const message = `${planned.length} requests were answered by ${parts.length} parts.`;
    throw new ConnectorError('RESPONSE_INVALID', message, { operation: OPERATION });
  }
  return planned.map(({ plan, connection: own }, index) =>
    shapeOutput(own, plan, jsonOf(parts[index]!.body)),
  );
}

function partOf({ method, url, headers, body }: RequestPlan, index: number): BatchRequest {
  const contentId = String(index + 1);
  if (body === undefined) return { method, url, headers, contentId };
  const own = { 'content-type': 'application/json; type=entry', ...headers };
  return { method, url, headers: own, body: JSON.stringify(body), contentId };
}

function partsOf(items: readonly BatchItem<BatchResponse>[]): readonly BatchResponse[] {
  return items.flatMap((item) => ('part' in item ? [item.part] : item.changeSet));
}

/** The one answer of a change set that failed says by its Content-ID which request it is about. */
function errorOf(
  connection: Connection,
  planned: readonly PlannedStep[],
  { status, headers, body, contentId }: BatchResponse,
): ConnectorError {
  const step = planned[Number(contentId) - 1];
  const { operation, method, url, headers: sent } = (step ?? planned[0]!).plan;
  const request = { operation, requestId: '', method, url, headers: sent };
  const answer = { status, headers, body: jsonOf(body) };
  const error = explainPart(request, answer, connection.definition.errors);
  const message = `${step?.label ?? 'A step'} failed, so none was done. ${error.message}`;
  return new ConnectorError(error.code, message, error.details);
}
