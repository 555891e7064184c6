import { noContent } from '../protocol/answer.ts';
import type { OrgResponse } from '../protocol/types.ts';
import { referenceTo } from '../protocol/write/payload.ts';
import { listParameter, rowOf } from './parameters.ts';
import type { Call, Operation } from './types.ts';

const shape = {
  kind: 'action',
  on: { kind: 'row', table: 'team' },
  parameters: { Members: 'required' },
} as const;

/** Who belongs to a team. */
export const teamOperations: readonly Operation[] = [
  { name: 'AddMembersTeam', ...shape, run: (call) => changeMembers(call, 'associate') },
  { name: 'RemoveMembersTeam', ...shape, run: (call) => changeMembers(call, 'disassociate') },
];

function changeMembers(call: Call, change: 'associate' | 'disassociate'): OrgResponse {
  const { store } = call.exchange.org;
  for (const member of listParameter(call, 'Members')) {
    const user = rowOf(call, member, { name: 'Members', table: 'systemuser' });
    store[change]({
      navigation: 'teammembership_association',
      near: referenceTo(call.row!),
      far: referenceTo(user),
    });
  }
  return noContent(call.exchange);
}
