import { noContent } from '../protocol/answer.ts';
import { refuse } from '../protocol/refusal.ts';
import type { OrgResponse } from '../protocol/types.ts';
import { completeState } from '../protocol/write/state.ts';
import { integerParameter, payloadParameter, requiredReference } from './parameters.ts';
import type { Call, Operation } from './types.ts';

const parameters = { OpportunityClose: 'required', Status: 'required', Caller: 'optional' } as const;

/** How an opportunity ends. */
export const opportunityOperations: readonly Operation[] = [
  { name: 'WinOpportunity', kind: 'action', parameters, run: (call) => close(call, 1) },
  { name: 'LoseOpportunity', kind: 'action', parameters, run: (call) => close(call, 2) },
];

/** Notes the close activity and closes the opportunity as won (1) or lost (2). A status of -1 is the default one. */
function close(call: Call, statecode: 1 | 2): OrgResponse {
  const { org, actor } = call.exchange;
  const { store } = org;
  const activity = payloadParameter(call, 'OpportunityClose', 'opportunityclose');
  const opportunity = requiredReference(call, activity, 'opportunityid');
  if (opportunity.values.statecode !== 0) {
    throw refuse(400, '0x80040515', 'The opportunity has already been closed.');
  }
  const status = integerParameter(call, 'Status');
  const table = store.model.table('opportunity')!;
  const values = completeState(
    table,
    status === -1 ? { statecode } : { statecode, statuscode: status },
    opportunity,
  );
  const today = new Date(org.now()).toISOString().slice(0, 10);
  const earned = activity.values.actualrevenue ?? opportunity.values.estimatedvalue ?? null;
  const outcome = { actualclosedate: today, ...(statecode === 1 ? { actualvalue: earned } : {}) };
  store.insert('opportunityclose', { ...activity.values, statecode: 1, statuscode: 2 }, actor);
  store.update({ table: 'opportunity', id: opportunity.id, values: { ...values, ...outcome }, actor });
  return noContent(call.exchange);
}
