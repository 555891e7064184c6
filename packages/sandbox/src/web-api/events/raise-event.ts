import type { ColumnValues } from '../../store/types.ts';
import { DataverseError } from '../errors.ts';
import { insertJob, operationTypes } from '../system-jobs.ts';
import type { WebApiContext } from '../types.ts';
import { isBypassed } from './bypass.ts';
import { buildExecutionContext, type StepCall } from './execution-context.ts';
import type { MessageEvent, WebhookPost } from './message-event.ts';
import { type Stage, stepsFor } from './steps.ts';

/**
 * Calls the steps of an event at some stages: a synchronous webhook is called before the request ends and can fail it;
 * an asynchronous one becomes a system job, which is written with the row.
 */
export function raiseEvent(context: WebApiContext, event: MessageEvent, stages: readonly Stage[]): void {
  if (context.events.steps.length === 0) return;
  for (const stage of stages) {
    for (const part of stage === 10 ? [event] : splitUpdate(context, event)) {
      for (const step of stepsFor(context.events.steps, part, stage)) {
        if (!isBypassed(context, step.mode)) callStep(context, { step, event: part, request: event });
      }
    }
  }
}

/** Columns of the state of a row. */
const stateColumns = ['statecode', 'statuscode'];

/** Columns of the place in the organization, of tables that business units own. */
const ownerColumns: Readonly<Record<string, readonly string[]>> = {
  systemuser: ['businessunitid', 'parentsystemuserid'],
  team: ['businessunitid', 'administratorid'],
  businessunit: ['parentbusinessunitid'],
};

/**
 * An update of states (or owners of tables that business units own) and of other columns executes steps twice, first for
 * the others.
 * https://learn.microsoft.com/power-apps/developer/data-platform/special-update-operation-behavior
 */
function splitUpdate({ org }: WebApiContext, event: MessageEvent): readonly MessageEvent[] {
  const { message, table, values } = event;
  if (message !== 'Update' || org.assumptions.stateUpdateEvents === 'once') return [event];
  const isSpecial = (name: string) =>
    stateColumns.includes(name) || (ownerColumns[table.logicalName] ?? []).includes(name);
  const parts = [false, true].map((special) => pick(values, (name) => isSpecial(name) === special));
  if (parts.some((part) => Object.keys(part).length === 0)) return [event];
  return parts.map((part) => ({ ...event, values: part }));
}

const pick = (values: ColumnValues, keep: (name: string) => boolean): ColumnValues =>
  Object.fromEntries(Object.entries(values).filter(([name]) => keep(name)));

function callStep(context: WebApiContext, call: Omit<StepCall, 'operationId'>): void {
  const isAsync = call.step.mode === 'async';
  const operationId = isAsync ? context.org.newId() : context.events.requestId;
  const post = createPost(context, { ...call, operationId });
  if (isAsync) {
    insertWebhookJob(context, call, { id: operationId, post });
    return;
  }
  const { postBeforeCommit } = context.org;
  if (!postBeforeCommit) throw synchronousWebhookError(call.step.name);
  postBeforeCommit(post);
}

function createPost(context: WebApiContext, call: StepCall): WebhookPost {
  const { step, event } = call;
  return {
    endpointId: step.endpointId,
    stepName: step.name,
    message: event.message,
    table: event.table.logicalName,
    correlationId: context.events.correlationId,
    context: buildExecutionContext(context, call),
  };
}

function insertWebhookJob(
  context: WebApiContext,
  { step, event }: Omit<StepCall, 'operationId'>,
  { id, post }: { readonly id: string; readonly post: WebhookPost },
): void {
  insertJob(context, {
    id,
    name: step.name,
    operationType: operationTypes.systemEvent,
    message: event.message,
    table: event.table.logicalName,
    stepId: step.id,
    data: post,
  });
}

/** Only the HTTP server of the sandbox can wait for a webhook. */
const synchronousWebhookError = (name: string) =>
  new DataverseError(400, '0x80050206', `The synchronous step '${name}' can only be called over HTTP.`);
