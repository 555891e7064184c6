import { referenceTo } from '../store/entity-reference.ts';
import { noContentResponse } from '../web-api/responses.ts';
import type { WebApiResponse } from '../web-api/types.ts';
import { readListParameter, requireBoundRow, resolveRow } from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

const teamBoundAction = {
  kind: 'action',
  boundTo: { kind: 'row', table: 'team' },
  parameters: { Members: 'required' },
} as const;

/** Operations on team members. */
export const teamOperations: readonly WebApiOperation[] = [
  { name: 'AddMembersTeam', ...teamBoundAction, run: (call) => updateMembers(call, 'associate') },
  { name: 'RemoveMembersTeam', ...teamBoundAction, run: (call) => updateMembers(call, 'disassociate') },
];

function updateMembers(call: OperationContext, change: 'associate' | 'disassociate'): WebApiResponse {
  const { store } = call.context.org;
  for (const member of readListParameter(call, 'Members')) {
    const user = resolveRow(call, member, { name: 'Members', table: 'systemuser' });
    store[change]({
      navigation: 'teammembership_association',
      near: referenceTo(requireBoundRow(call)),
      far: referenceTo(user),
    });
  }
  return noContentResponse(call.context);
}
