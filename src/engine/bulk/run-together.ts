import { ConnectorError } from '../../errors/connector-error.ts';
import { explainPart } from '../../http/explain-part.ts';
import type { RequestAction } from '../../model/definition.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { RequestPlan } from '../../model/plan.ts';
import type { BatchItem, BatchRequest, BatchResponse } from '../../odata/batch/types.ts';
import { checkInput } from '../check-input.ts';
import type { Connection } from '../connection.ts';
import { shapeOutput } from '../run-action.ts';
import { planFor } from '../send-plan.ts';
import { exchangeBatch, jsonOf } from './exchange-batch.ts';

const OPERATION = 'batch';

/** One action of a change set. */
export interface Step {
  readonly action: RequestAction;
  readonly input: JsonObject;
}

/**
 * Runs actions that write in one change set: all of them are done, or none. Answers their outputs in order; the error
 * of the one that failed is thrown, with its place among them. It is never sent twice.
 */
export async function runTogether(
  connection: Connection,
  steps: readonly Step[],
  signal?: AbortSignal,
): Promise<readonly Json[]> {
  const plans = steps.map(({ action, input }) => planOf(connection, action, input));
  if (plans.length === 0) return [];
  const changeSet = plans.map((plan, index) => partOf(plan, index));
  const items = [{ changeSet }];
  const answered = await exchangeBatch(connection, { operation: OPERATION, items, safety: 'once', signal });
  const parts = partsOf(answered);
  const failed = parts.find(({ status }) => status >= 300);
  if (failed !== undefined) throw errorOf(connection, plans, failed);
  if (parts.length !== plans.length) {
    const message = `${plans.length} requests were answered by ${parts.length} parts.`;
    throw new ConnectorError('RESPONSE_INVALID', message, { operation: OPERATION });
  }
  return plans.map((plan, index) => shapeOutput(connection, plan, jsonOf(parts[index]!.body)));
}

function planOf(connection: Connection, action: RequestAction, input: JsonObject): RequestPlan {
  const checked = checkInput(connection.validator, action, input);
  const plan = planFor(connection, action, checked, { newId: connection.world.uuid() });
  if (plan.method !== 'GET') return plan;
  const message = `${action.id} reads; a change set only writes.`;
  throw new ConnectorError('INPUT_INVALID', message, { operation: action.id });
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

function errorOf(
  connection: Connection,
  plans: readonly RequestPlan[],
  { status, headers, body, contentId }: BatchResponse,
): ConnectorError {
  const index = Number(contentId) - 1;
  const { operation, method, url, headers: sent } = plans[index] ?? plans[0]!;
  const request = { operation, requestId: '', method, url, headers: sent };
  const answer = { status, headers, body: jsonOf(body) };
  const error = explainPart(request, answer, connection.definition.errors);
  const place = plans[index] === undefined ? 'One action' : `Action ${index + 1} (${operation})`;
  return new ConnectorError(error.code, `${place} failed, so none was done. ${error.message}`, error.details);
}
