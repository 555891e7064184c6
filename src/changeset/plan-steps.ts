import { ConnectorError } from '../errors/connector-error.ts';
import { prepareFunctionOf } from '../handlers/preparations.ts';
import type { PreparedAction } from '../handlers/prepare.ts';
import type { ActionDefinition } from '../model/definition.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { RequestPlan } from '../model/plan.ts';
import { maxBatchRequests } from '../odata/limits.ts';
import { assertObject } from '../run/assert-object.ts';
import { checkInput } from '../run/check-input.ts';
import type { Connection } from '../run/connection.ts';
import { deterministicId } from '../run/deterministic-id.ts';
import { requireOperation } from '../run/find-operation.ts';
import { planForConnection, type RunOptions } from '../run/send-plan.ts';
import { resolveReferences, type StepRow } from './resolve-references.ts';

/** One action of a change set. */
export interface ChangeSetStep {
  /** What later steps call the row that this one writes. */
  readonly name?: string;
  readonly action: string;
  /** `{ from: 'customer' }` in it stands for the row of the step of that name. */
  readonly input: JsonObject;
}

/** A step as it will be sent. */
export interface PlannedStep {
  /** `Step 2 "person" (contact.create)`. */
  readonly label: string;
  /** Knows the tables of its answer. */
  readonly connection: Connection;
  readonly plan: RequestPlan;
}

/** Checks and plans all steps, in order. Nothing but metadata has been read when one of them is refused. */
export async function planSteps(
  connection: Connection,
  steps: readonly ChangeSetStep[],
  options: RunOptions,
): Promise<readonly PlannedStep[]> {
  if (!Array.isArray(steps)) throw new ConnectorError('INPUT_INVALID', 'The steps must be a list.');
  if (steps.length > maxBatchRequests) {
    throw new ConnectorError(
      'INPUT_INVALID',
      `A change set takes ${maxBatchRequests} steps, not ${steps.length}.`,
    );
  }
  const rows = new Map<string, StepRow | undefined>();
  const planned: PlannedStep[] = [];
  for (const [index, step] of steps.entries()) {
    assertObject('step', step);
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
  readonly rows: ReadonlyMap<string, StepRow | undefined>;
  readonly options: RunOptions;
  readonly index: number;
}

async function planStep(
  connection: Connection,
  step: ChangeSetStep,
  { rows, options, index }: PlanStepContext,
): Promise<Omit<PlannedStep, 'label'> & { readonly row: StepRow | undefined }> {
  const { actions, triggers } = connection.definition;
  const action = requireOperation('action', actions, step.action, triggers);
  const given = resolveReferences(step.input ?? {}, action.input, rows);
  const input = checkInput(connection.validator, action, given);
  const prepared = await prepareStep(connection, action, input);
  if (prepared.action.request.method === 'GET')
    throw rejectedActionError(action, 'reads; a change set only writes');
  const newId = newRowId(connection, options.idempotencyKey, index);
  const plan = planForConnection(prepared.connection, prepared.action, prepared.input, { ...options, newId });
  const row = writtenRowOf(connection, prepared, plan.createdId ?? input.id);
  return { connection: prepared.connection, plan, row };
}

async function prepareStep(
  connection: Connection,
  action: ActionDefinition,
  input: JsonObject,
): Promise<PreparedAction> {
  if (action.handler === undefined) return { connection, action, input };
  const preparation = prepareFunctionOf(action.handler);
  if (preparation === undefined)
    throw rejectedActionError(action, 'makes several requests; a change set takes one a step');
  return await preparation(input, { connection, action });
}

/** With a key the same step makes the same row, so that a set that is sent again is refused as a duplicate. */
function newRowId({ origin, services }: Connection, key: string | undefined, index: number): string {
  return key === undefined ? services.uuid() : deterministicId(origin, 'together', key, String(index));
}

/** The row that a step writes: the one it creates, or the one that its input names by its id. */
function writtenRowOf(
  { definition }: Connection,
  { connection, action }: PreparedAction,
  id: Json | undefined,
) {
  if (action.output.kind !== 'row' || typeof id !== 'string') return undefined;
  const { logicalName } = connection.definition.tables[action.output.table]!;
  const ours = Object.values(definition.tables).filter((table) => table.logicalName === logicalName);
  return { id, tables: [...ours.map(({ name }) => name), logicalName] };
}

function labelOf({ name, action }: ChangeSetStep, index: number): string {
  return `Step ${index + 1}${name === undefined ? '' : ` "${name}"`} (${action})`;
}

function duplicateNameError(): ConnectorError {
  const message = 'has the name of an earlier step';
  const issues = [{ path: '', message, keyword: 'uniqueItems' }];
  return new ConnectorError('INPUT_INVALID', `It ${message}.`, { issues });
}

function rejectedActionError({ id }: ActionDefinition, why: string): ConnectorError {
  return new ConnectorError('INPUT_INVALID', `${id} ${why}.`, { operation: id });
}

/** The same error, with the step that it came from. */
function withStepPath(error: ConnectorError, label: string, index: number): ConnectorError {
  const { issues, ...details } = error.details;
  const moved = issues?.map((issue) => ({ ...issue, path: `/steps/${index}/input${issue.path}` }));
  return new ConnectorError(error.code, `${label}: ${error.message}`, {
    ...details,
    ...(moved === undefined ? {} : { issues: moved }),
  });
}
