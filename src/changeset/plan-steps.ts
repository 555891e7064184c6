import { ConnectorError } from '../errors/connector-error.ts';
import { prepareFunctionOf } from '../handlers/preparations.ts';
import type { PreparedAction } from '../handlers/prepare.ts';
import type { ActionDefinition, RequestAction } from '../model/definition.ts';
import type { Json, JsonObject, JsonSchema } from '../model/json.ts';
import type { RequestPlan } from '../model/plan.ts';
import { maxBatchRequests } from '../odata/limits.ts';
import { checkActionInput } from '../run/ask-organization.ts';
import { applyColumnInputs } from '../run/column-inputs.ts';
import type { Connection } from '../run/connection.ts';
import { deterministicId } from '../run/deterministic-id.ts';
import { requireOperation } from '../run/require-operation.ts';
import { requireTable } from '../run/require-table.ts';
import type { RunOptions } from '../run/run-options.ts';
import { planForConnection } from '../run/send-plan.ts';
import type { StepRow, StepRows } from './resolve-references.ts';
import { labelOf, withStepPath } from './step-label.ts';

/** One action of a change set. */
export interface ChangeSetStep<Action extends string = string> {
  /** A name by which later steps refer to the row that this step writes. */
  readonly name?: string;
  readonly action: Action;
  /** The input of the action. `{ from: 'customer' }` refers to the row of the earlier step with that name. */
  readonly input: JsonObject;
}

/** A step whose input depends on the rows of earlier steps. */
export interface PlannableStep {
  readonly name?: string;
  readonly action: string;
  /** Its input, given the schema of its action and the rows of the named steps so far. */
  readonly resolveInput: (schema: JsonSchema, rows: StepRows) => JsonObject;
}

/** A step with its request. */
export interface PlannedStep {
  /** The step in error messages: `Step 2 "person" (contact.create)`. */
  readonly label: string;
  /** A connection whose definition has the table of the step's output. */
  readonly connection: Connection;
  readonly action: RequestAction;
  readonly plan: RequestPlan;
}

/**
 * Checks and plans all steps in order. It may read metadata, and sends nothing else.
 *
 * @throws INPUT_INVALID for a step that cannot be part of a change set; the message names the step
 */
export async function planSteps(
  connection: Connection,
  steps: readonly PlannableStep[],
  options: RunOptions,
): Promise<readonly PlannedStep[]> {
  if (steps.length > maxBatchRequests) {
    const message = `A change set can have up to ${maxBatchRequests} steps; this one has ${steps.length}.`;
    throw new ConnectorError('INPUT_INVALID', message);
  }
  const rows = new Map<string, StepRow | undefined>();
  const planned: PlannedStep[] = [];
  for (const [index, step] of steps.entries()) {
    const label = labelOf(step, index);
    try {
      if (step.name !== undefined && rows.has(step.name)) throw duplicateNameError();
      const { row, ...plannedStep } = await planStep(connection, step, { rows, options, index });
      if (step.name !== undefined) rows.set(step.name, row);
      planned.push({ label, ...plannedStep });
    } catch (error) {
      throw error instanceof ConnectorError ? withStepPath(error, label, index) : error;
    }
  }
  return planned;
}

interface PlanStepContext {
  readonly rows: StepRows;
  readonly options: RunOptions;
  readonly index: number;
}

async function planStep(
  connection: Connection,
  step: PlannableStep,
  { rows, options, index }: PlanStepContext,
): Promise<Omit<PlannedStep, 'label'> & { readonly row: StepRow | undefined }> {
  const { actions, triggers } = connection.definition;
  const action = requireOperation('action', actions, step.action, triggers);
  const given = step.resolveInput(action.input, rows);
  const prepared =
    prepareOrdinaryStep(connection, action, given) ?? (await prepareStep(connection, action, given));
  if (prepared.action.request.method === 'GET')
    throw rejectedActionError(action, 'only reads; a step of a change set must write');
  const newId = newRowId(connection, options.idempotencyKey, index);
  const plan = planForConnection(prepared.connection, prepared.action, prepared.input, { ...options, newId });
  const id = plan.createdId ?? prepared.checked.id;
  const row = step.name === undefined ? undefined : writtenRowOf(connection, prepared, id);
  return { connection: prepared.connection, action: prepared.action, plan, row };
}

/** A step as one request, and the input of its action. */
interface PreparedStep extends PreparedAction {
  readonly checked: JsonObject;
}

/** A step that needs nothing but its action; undefined for any other. */
function prepareOrdinaryStep(
  connection: Connection,
  action: ActionDefinition,
  given: JsonObject,
): PreparedStep | undefined {
  if (action.handler !== undefined) return undefined;
  const { compiled, definition, validator } = connection;
  const checked = compiled.of(definition, action).acceptOrdinary(validator, given);
  return checked && { connection, action, input: checked, checked };
}

async function prepareStep(
  connection: Connection,
  action: ActionDefinition,
  given: JsonObject,
): Promise<PreparedStep> {
  const checked = await checkActionInput(connection, action, given);
  return { ...(await prepareChecked(connection, action, checked)), checked };
}

async function prepareChecked(
  connection: Connection,
  action: ActionDefinition,
  input: JsonObject,
): Promise<PreparedAction> {
  if (action.handler === undefined) {
    return { connection: await applyColumnInputs(connection, action, input), action, input };
  }
  const prepare = prepareFunctionOf(action.handler);
  if (prepare === undefined) {
    throw rejectedActionError(action, 'sends several requests; a step of a change set must send one');
  }
  return await prepare(input, { connection, action });
}

/** With an idempotency key, a step always creates the same row, so a repeated change set is rejected as a duplicate. */
function newRowId({ origin, services }: Connection, key: string | undefined, index: number): string {
  return key === undefined ? services.uuid() : deterministicId(origin, 'change-set', key, String(index));
}

/** The row that a step writes: the row it creates, or the row whose id is in its input. */
function writtenRowOf(
  { definition }: Connection,
  { connection, action }: PreparedAction,
  id: Json | undefined,
) {
  if (action.output.kind !== 'row' || typeof id !== 'string') return undefined;
  const { logicalName } = requireTable(connection.definition, action.output.table);
  const ours = Object.values(definition.tables).filter((table) => table.logicalName === logicalName);
  return { id, logicalName, names: ours.map(({ name }) => name) };
}

function duplicateNameError(): ConnectorError {
  const message = 'has the same name as an earlier step';
  const issues = [{ path: '', message, keyword: 'uniqueItems' }];
  return new ConnectorError('INPUT_INVALID', `The step ${message}.`, { issues });
}

function rejectedActionError({ id }: ActionDefinition, why: string): ConnectorError {
  return new ConnectorError('INPUT_INVALID', `${id} ${why}.`, { operation: id });
}
