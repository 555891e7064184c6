import { ConnectorError } from '../errors/connector-error.ts';
import type { StepOutcome, StepReport } from '../errors/step-report.ts';
import type { Handler, HandlerContext } from '../handlers/handler.ts';
import type { StepSequence, StepTemplate } from '../model/definition.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { requireOperation } from '../run/require-operation.ts';
import type { PlannableStep } from './plan-steps.ts';
import { renderStepInput } from './render-step-input.ts';
import type { StepRows } from './resolve-references.ts';
import { sendChangeSet } from './run-change-set.ts';
import { labelOf, withStepPath } from './step-label.ts';

/** Runs the steps of an action in their order, or as one change set; returns the output of one of them. */
export const runSteps: Handler = async (input, context): Promise<Json> => {
  const { sequence } = context.action;
  if (sequence === undefined) throw new Error(`${context.action.id} has no steps.`);
  const outputs = sequence.isChangeSet
    ? await runAsChangeSet(sequence, input, context)
    : await runInOrder(sequence, input, context);
  return outputs[sequence.returns] ?? null;
};

async function runAsChangeSet(
  { steps }: StepSequence,
  input: JsonObject,
  { connection, options }: HandlerContext,
): Promise<readonly Json[]> {
  const { tables } = connection.definition;
  const plannable = steps.map((step): PlannableStep => {
    const resolveInput = (_schema: unknown, rows: StepRows) =>
      renderStepInput(step, { input, steps: idsOf(rows) }, tables);
    return { name: step.name, action: step.action, resolveInput };
  });
  return await sendChangeSet(connection, plannable, options);
}

/** Of the rows of a change set only the ids are known before it is sent. */
function idsOf(rows: StepRows): JsonObject {
  return Object.fromEntries(
    [...rows].flatMap(([name, row]) => (row === undefined ? [] : [[name, { id: row.id }]])),
  );
}

async function runInOrder(
  { steps }: StepSequence,
  input: JsonObject,
  context: HandlerContext,
): Promise<readonly Json[]> {
  const outputs: Json[] = [];
  const results: Record<string, Json> = {};
  for (const [index, step] of steps.entries()) {
    try {
      const stepInput = renderStepInput(
        step,
        { input, steps: results },
        context.connection.definition.tables,
      );
      const ifVersion = readVersion(step, outputs);
      const { output } = await context.run(step.action, stepInput, {
        step: step.name ?? `${index + 1}`,
        ifVersion,
      });
      outputs.push(output);
      if (step.name !== undefined) results[step.name] = output;
    } catch (error) {
      throw error instanceof ConnectorError ? toStepError(error, { steps, outputs, context }) : error;
    }
  }
  return outputs;
}

/** The version that an earlier step has read. A missing one would overwrite what others have changed in between. */
function readVersion({ ifVersion, action }: StepTemplate, outputs: readonly Json[]): string | undefined {
  if (ifVersion === undefined) return undefined;
  const row = outputs[ifVersion.step];
  const version = isJsonObject(row) ? row[ifVersion.column] : undefined;
  if (typeof version === 'string') return version;
  const message = `Step ${ifVersion.step + 1} has not returned the version of the row that ${action} writes.`;
  throw new ConnectorError('RESPONSE_INVALID', message, { operation: action });
}

interface Progress {
  readonly steps: readonly StepTemplate[];
  /** The outputs of the steps that were carried out. */
  readonly outputs: readonly Json[];
  readonly context: HandlerContext;
}

/** The error of a step, with what took effect before it. */
function toStepError(error: ConnectorError, { steps, outputs, context }: Progress): ConnectorError {
  const at = outputs.length;
  const failed = steps[at];
  if (failed === undefined) return error;
  const reports = steps.map((step, index) =>
    reportStep(step, outputs[index], outcomeOf(index, at, error, context)),
  );
  const written = steps
    .slice(0, at)
    .flatMap((step, index) => (isRead(step, context) ? [] : [labelOf(step, index)]));
  const before =
    written.length === 0
      ? 'No step before it has changed anything'
      : `These steps were carried out before it, and stay: ${written.join(', ')}`;
  const labelled = withStepPath(error, labelOf(failed, at), at);
  return new ConnectorError(error.code, `${labelled.message} ${before}.`, {
    ...labelled.details,
    steps: reports,
  });
}

function outcomeOf(
  index: number,
  failedAt: number,
  error: ConnectorError,
  context: HandlerContext,
): StepOutcome {
  if (index !== failedAt) return index < failedAt ? 'done' : 'not-run';
  const step = context.action.sequence?.steps[index];
  const isSingle = step === undefined || actionOf(step, context).handler === undefined;
  const isUnknown = error.category === 'unknown-outcome' || error.code === 'ABORTED';
  // Of several requests, some may have been carried out.
  return isUnknown || !(isSingle || error.category === 'input') ? 'unknown' : 'failed';
}

function reportStep(
  { name, action }: StepTemplate,
  output: Json | undefined,
  outcome: StepOutcome,
): StepReport {
  const id = isJsonObject(output) && typeof output.id === 'string' ? output.id : undefined;
  return omitUndefined({ name, action, outcome, id });
}

function isRead(step: StepTemplate, context: HandlerContext): boolean {
  return actionOf(step, context).effects.readOnly;
}

function actionOf({ action }: StepTemplate, { connection }: HandlerContext) {
  return requireOperation('action', connection.definition.actions, action);
}
