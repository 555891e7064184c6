import { requireTable } from '../store/require-table.ts';
import { DataverseError } from '../web-api/errors.ts';
import { noContentResponse } from '../web-api/responses.ts';
import type { WebApiResponse } from '../web-api/types.ts';
import { completeState } from '../web-api/write/complete-state.ts';
import { insertRow, updateRow } from '../web-api/write/rows.ts';
import { readIntegerParameter, readPayloadParameter, requireReferencedRow } from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

const closeParameters = { OpportunityClose: 'required', Status: 'required', Caller: 'optional' } as const;

/** Operations that close opportunities. */
export const opportunityOperations: readonly WebApiOperation[] = [
  {
    name: 'WinOpportunity',
    kind: 'action',
    parameters: closeParameters,
    run: (call) => closeOpportunity(call, 1),
  },
  {
    name: 'LoseOpportunity',
    kind: 'action',
    parameters: closeParameters,
    run: (call) => closeOpportunity(call, 2),
  },
];

/**
 * Inserts the close activity and closes the opportunity as won (1) or lost (2). A status of -1 means the default status
 * reason.
 */
function closeOpportunity(call: OperationContext, statecode: 1 | 2): WebApiResponse {
  const { org } = call.context;
  const { store } = org;
  const activity = readPayloadParameter(call, 'OpportunityClose', 'opportunityclose');
  const opportunity = requireReferencedRow(call, activity, 'opportunityid');
  if (opportunity.values.statecode !== 0) {
    throw new DataverseError(400, '0x80040515', 'The opportunity has already been closed.');
  }
  const status = readIntegerParameter(call, 'Status');
  const table = requireTable(store.model, 'opportunity');
  const values = completeState(
    table,
    status === -1 ? { statecode } : { statecode, statuscode: status },
    opportunity,
  );
  const today = new Date(org.now()).toISOString().slice(0, 10);
  const actualvalue = activity.values.actualrevenue ?? opportunity.values.estimatedvalue ?? null;
  const outcome = { actualclosedate: today, ...(statecode === 1 ? { actualvalue } : {}) };
  insertRow(call.context, 'opportunityclose', { ...activity.values, statecode: 1, statuscode: 2 });
  updateRow(call.context, { table: 'opportunity', id: opportunity.id, values: { ...values, ...outcome } });
  return noContentResponse(call.context);
}
