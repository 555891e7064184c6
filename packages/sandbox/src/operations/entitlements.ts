import { dayMs } from '../days.ts';
import { entitlementState } from '../logic/entitlements.ts';
import { timeMs } from '../logic/time-ms.ts';
import { formatDateTime } from '../store/date-time.ts';
import type { ColumnValues, StoredRow } from '../store/types.ts';
import { DataverseError } from '../web-api/errors.ts';
import { completeState } from '../web-api/write/complete-state.ts';
import { insertValues, updateValues } from '../web-api/write/save-values.ts';
import { readIntegerParameter, requireBoundRow, requireBoundTable } from './parameters.ts';
import { rowResponse } from './row-response.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/** Operations on entitlements. Their other changes of state are updates of `statecode`. */
export const entitlementOperations: readonly WebApiOperation[] = [
  {
    name: 'RenewEntitlement',
    kind: 'action',
    boundTo: { kind: 'row', table: 'entitlement' },
    parameters: { Status: 'required' },
    run: (call) => rowResponse(call, renewEntitlement(call)),
  },
];

const copiedColumns = [
  ...['name', 'description', 'customerid', 'allocationtypecode', 'decreaseremainingon', 'entitytype'],
  ...['kbaccesslevel', 'restrictcasecreation', 'slaid', 'totalterms', 'entitlementtemplateid'],
  ...['transactioncurrencyid', 'emailaddress', 'ownerid'],
];

/** Creates an entitlement with the same terms for the same length of time after the last day of an old one. */
function renewEntitlement(call: OperationContext): StoredRow {
  const { context } = call;
  const { values } = requireBoundRow(call);
  if (values.statecode !== entitlementState.expired && values.statecode !== entitlementState.cancelled) {
    const message = 'You can renew only the entitlements that are expired or canceled.';
    throw new DataverseError(400, '0x80060610', message);
  }
  const status = readIntegerParameter(call, 'Status');
  const table = requireBoundTable(call);
  const statecode = table.attributes
    .find(({ type }) => type === 'Status')
    ?.options?.find(({ value }) => value === status)?.state;
  const [from, to] = [timeMs(values.startdate), timeMs(values.enddate)];
  const copied: ColumnValues = Object.fromEntries(
    copiedColumns.map((column) => [column, values[column] ?? null]),
  );
  const renewed = insertValues(context, 'entitlement', {
    ...copied,
    startdate: formatDateTime(to + dayMs),
    enddate: formatDateTime(to + dayMs + (to - from)),
  });
  const state = completeState(table, { statecode: statecode ?? 0, statuscode: status }, renewed);
  return statecode === 0 ? renewed : updateValues(context, renewed, state);
}
