import { requireTable } from '../store/require-table.ts';
import { allowsTransition } from '../web-api/write/complete-state.ts';
import {
  operationResponse,
  readIntegerParameter,
  readRowParameter,
  readStringParameter,
} from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/** Operations on the states of rows. */
export const stateOperations: readonly WebApiOperation[] = [
  {
    name: 'IsValidStateTransition',
    kind: 'function',
    parameters: { Entity: 'required', NewState: 'required', NewStatus: 'required' },
    run: (call) => operationResponse(call, { IsValid: isValidTransition(call) }),
  },
];

/** Whether the status reason belongs to the state, and may follow the one of the row. */
function isValidTransition(call: OperationContext): boolean {
  const row = readRowParameter(call, 'Entity');
  const table = requireTable(call.context.org.store.model, row.table);
  const options = (type: 'State' | 'Status') =>
    table.attributes.find((column) => column.type === type)?.options ?? [];
  const name = readStringParameter(call, 'NewState').toLowerCase();
  const status = readIntegerParameter(call, 'NewStatus');
  const state = options('State').find(({ label }) => label.toLowerCase() === name)?.value;
  const reason = options('Status').find(({ value }) => value === status);
  if (state === undefined || reason?.state !== state) return false;
  return allowsTransition(table, row.values.statuscode, status);
}
