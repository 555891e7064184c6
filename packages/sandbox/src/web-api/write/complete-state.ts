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
  const state = Number(givenState ?? current?.values[states.logicalName] ?? 0);
  const status = givenStatus ?? defaultStatus(states, statuses, state);
  if (status === undefined) return { ...values, [states.logicalName]: state };
  const option = statuses.options?.find(({ value }) => value === Number(status));
  if (option?.state !== undefined && option.state !== state) {
    throw invalidStatusError(table, { states, state, status: Number(status), id: current?.id });
  }
  return { ...values, [states.logicalName]: state, [statuses.logicalName]: Number(status) };
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
