import { nullGuid } from '../../guid.ts';
import type { Attribute, TableModel } from '../../model/types.ts';
import type { ColumnValues, StoredRow } from '../../store/types.ts';
import { DataverseError } from '../errors.ts';

/**
 * Completes and checks state and status reason: a state without a status reason gets its default one; a status reason
 * must belong to the state of the row.
 */
export function completeState(table: TableModel, values: ColumnValues, current?: StoredRow): ColumnValues {
  const states = findStateColumn(table, 'State');
  const statuses = findStateColumn(table, 'Status');
  if (!states || !statuses) return values;
  const givenState = values[states.logicalName];
  const givenStatus = values[statuses.logicalName];
  if (givenState == null && givenStatus == null) return values;
  const state = Number(givenState ?? current?.values[states.logicalName] ?? states.default ?? 0);
  const status = givenStatus ?? defaultStatus(states, statuses, state);
  if (status === undefined) return { ...values, [states.logicalName]: state };
  const option = statuses.options?.find(({ value }) => value === Number(status));
  if (option?.state !== undefined && option.state !== state) {
    throw invalidStatusError(table, { states, state, status: Number(status), id: current?.id });
  }
  if (current) checkTransition(table, { statuses, state, status: Number(status), current });
  return { ...values, [states.logicalName]: state, [statuses.logicalName]: Number(status) };
}

/** Whether the transition rules of a table let a status reason follow the one of a row. */
export function allowsTransition(table: TableModel, from: unknown, to: number): boolean {
  if (!table.enforceStateTransitions || from === to) return true;
  const statuses = findStateColumn(table, 'Status')?.options ?? [];
  const rules = statuses.find(({ value }) => value === from)?.transitionData;
  // A status reason without rules can be followed by any.
  return rules === undefined || new RegExp(`\\btostatusid=["']${to}["']`).test(rules);
}

function checkTransition(
  table: TableModel,
  {
    statuses,
    state,
    status,
    current,
  }: { statuses: Attribute; state: number; status: number; current: StoredRow },
): void {
  if (allowsTransition(table, current.values[statuses.logicalName], status)) return;
  const [code, message] = transitionError(table, Number(current.values.statecode), state);
  throw new DataverseError(400, code, message);
}

/** The error of a change of state that the rules forbid. */
function transitionError(
  { logicalName }: TableModel,
  from: number,
  to: number,
): readonly [code: string, message: string] {
  const because = 'Because of the status transition rules, you can';
  const advice = (verb: string) =>
    `Change the case status, and then try ${verb} it, or contact your system administrator.`;
  if (logicalName === 'incident' && from === 0 && to === 1)
    return ['0x8004f854', `${because}'t resolve a case in the current status.${advice('resolving')}`];
  if (logicalName === 'incident' && from === 0 && to === 2)
    return ['0x8004f855', `${because}'t cancel the case in the current status.${advice('canceling')}`];
  if (logicalName === 'incident' && from !== 0 && to === 0) {
    const end = 'Contact your system administrator.';
    return ['0x8004f856', `${because}'t activate the case from the current status.${end}`];
  }
  const end = 'because of the status transition rules.Contact your system administrator.';
  return to === 0
    ? ['0x8004f857', `You can't activate this record ${end}`]
    : ['0x8004f858', `You can't deactivate this record ${end}`];
}

/** The default status reason of a state. */
function defaultStatus(states: Attribute, statuses: Attribute, state: number): number | undefined {
  const own = states.options?.find(({ value }) => value === state)?.defaultStatus;
  return own ?? statuses.options?.find((option) => option.state === state)?.value;
}

function findStateColumn(table: TableModel, type: 'State' | 'Status'): Attribute | undefined {
  return table.attributes.find((attribute) => attribute.type === type);
}

function invalidStatusError(
  table: TableModel,
  { states, state, status, id }: { states: Attribute; state: number; status: number; id: string | undefined },
) {
  const label = states.options?.find(({ value }) => value === state)?.label ?? state;
  const where = `${table.logicalName} with Id ${id ?? nullGuid}.`;
  const message = `${status} is not a valid status code for state code ${table.schemaName}State.${label} on ${where}`;
  return new DataverseError(400, '0x80048408', message);
}
