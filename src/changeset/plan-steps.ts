import { ConnectorError } from '../errors/connector-error.ts';
import { preparationOf } from '../handlers/preparations.ts';
import type { Prepared } from '../handlers/prepare.ts';
import type { ActionDefinition } from '../model/definition.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { RequestPlan } from '../model/plan.ts';
import { checkInput } from '../run/check-input.ts';
import type { Connection } from '../run/connection.ts';
import { givenObject } from '../run/given.ts';
import { namedId } from '../run/ids.ts';
import { lookUp } from '../run/look-up.ts';
import { planFor, type RunOptions } from '../run/send-plan.ts';
import { followReferences, type StepRow } from './references.ts';

/** One action of a change set. */
export interface Step {
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

/** Dataverse takes no more requests in one batch. */
const MOST = 1000;

/** Checks and plans all steps, in order. Nothing but metadata has been read when one of them is refused. */
export async function planSteps(
  connection: Connection,
  steps: readonly Step[],
  options: RunOptions,
): Promise<readonly PlannedStep[]> {
  if (!Array.isArray(steps)) throw new ConnectorError('INPUT_INVALID', 'The steps must be a list.');
  if (steps.length > MOST) {
    throw new ConnectorError('INPUT_INVALID', `A change set takes ${MOST} steps, not ${steps.length}.`);
  }
  const rows = new Map<string, StepRow | undefined>();
  const planned: PlannedStep[] = [];
  for (const [index, step] of steps.entries()) {
    givenObject('step', step);
    const label = labelOf(step, index);
    try {
      if (step.name !== undefined && rows.has(step.name)) throw takenName();
      const { row, ...rest } = await planStep(connection, step, { rows, options, index });
      if (step.name !== undefined) rows.set(step.name, row);
      planned.push({ label, ...rest });
    } catch (error) {
      throw error instanceof ConnectorError ? placed(error, label, index) : error;
    }
  }
  return planned;
}

interface Situation {
  readonly rows: ReadonlyMap<string, StepRow | undefined>;
  readonly options: RunOptions;
  readonly index: number;
}

async function planStep(
  connection: Connection,
  step: Step,
  { rows, options, index }: Situation,
): Promise<Omit<PlannedStep, 'label'> & { readonly row: StepRow | undefined }> {
  const { actions, triggers } = connection.definition;
  const action = lookUp('action', actions, step.action, triggers);
  const given = followReferences(step.input ?? {}, action.input, rows);
  const input = checkInput(connection.validator, action, given);
  const prepared = await prepare(connection, action, input);
  if (prepared.action.request.method === 'GET') throw refused(action, 'reads; a change set only writes');
  const newId = newIdOf(connection, options.idempotencyKey, index);
  const plan = planFor(prepared.connection, prepared.action, prepared.input, { ...options, newId });
  const row = rowOf(connection, prepared, plan.createdId ?? input.id);
  return { connection: prepared.connection, plan, row };
}

async function prepare(
  connection: Connection,
  action: ActionDefinition,
  input: JsonObject,
): Promise<Prepared> {
  if (action.handler === undefined) return { connection, action, input };
  const preparation = preparationOf(action.handler);
  if (preparation === undefined)
    throw refused(action, 'makes several requests; a change set takes one a step');
  return await preparation(input, { connection, action });
}

/** With a key the same step makes the same row, so that a set that is sent again is refused as a duplicate. */
function newIdOf({ origin, world }: Connection, key: string | undefined, index: number): string {
  return key === undefined ? world.uuid() : namedId(origin, 'together', key, String(index));
}

/** The row that a step writes: the one it creates, or the one that its input names by its id. */
function rowOf({ definition }: Connection, { connection, action }: Prepared, id: Json | undefined) {
  if (action.output.kind !== 'row' || typeof id !== 'string') return undefined;
  const { logicalName } = connection.definition.tables[action.output.table]!;
  const ours = Object.values(definition.tables).filter((table) => table.logicalName === logicalName);
  return { id, tables: [...ours.map(({ name }) => name), logicalName] };
}

function labelOf({ name, action }: Step, index: number): string {
  return `Step ${index + 1}${name === undefined ? '' : ` "${name}"`} (${action})`;
}

function takenName(): ConnectorError {
  const message = 'has the name of an earlier step';
  const issues = [{ path: '', message, keyword: 'uniqueItems' }];
  return new ConnectorError('INPUT_INVALID', `It ${message}.`, { issues });
}

function refused({ id }: ActionDefinition, why: string): ConnectorError {
  return new ConnectorError('INPUT_INVALID', `${id} ${why}.`, { operation: id });
}

/** The same error, with the step that it came from. */
function placed(error: ConnectorError, label: string, index: number): ConnectorError {
  const { issues, ...details } = error.details;
  const moved = issues?.map((issue) => ({ ...issue, path: `/steps/${index}/input${issue.path}` }));
  return new ConnectorError(error.code, `${label}: ${error.message}`, {
    ...details,
    ...(moved === undefined ? {} : { issues: moved }),
  });
}
