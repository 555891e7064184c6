import { noContent } from '../protocol/answer.ts';
import { badArgument } from '../protocol/refusal.ts';
import type { OrgResponse } from '../protocol/types.ts';
import { isObject } from '../protocol/write/payload.ts';
import type { Shelf } from '../store/shelf.ts';
import type { Reference, Row } from '../store/types.ts';
import { answerOf, rowOf, rowParameter } from './parameters.ts';
import type { Call, Operation } from './types.ts';

/** The rights there are, in the order in which Dataverse lists them. */
const rights = [
  'ReadAccess',
  'WriteAccess',
  'AppendAccess',
  'AppendToAccess',
  'CreateAccess',
  'DeleteAccess',
  'ShareAccess',
  'AssignAccess',
];

/** How shares are kept: `<table> <row id> <principal id>` -> names of rights. */
const kind = 'share';

const sharedRights = (shelf: Shelf, key: string): readonly string[] =>
  shelf.get(kind, key)?.text.split(' ') ?? [];

const sharing = { Target: 'required', PrincipalAccess: 'required' } as const;

/** Rows shared with people: noted, and told by RetrievePrincipalAccess. */
export const sharingOperations: readonly Operation[] = [
  { name: 'GrantAccess', kind: 'action', parameters: sharing, run: (call) => share(call, 'add') },
  { name: 'ModifyAccess', kind: 'action', parameters: sharing, run: (call) => share(call, 'replace') },
  {
    name: 'RevokeAccess',
    kind: 'action',
    parameters: { Target: 'required', Revokee: 'required' },
    run(call) {
      const key = shareKey(rowParameter(call, 'Target'), rowParameter(call, 'Revokee'));
      call.exchange.org.store.shelf.remove(kind, key);
      return noContent(call.exchange);
    },
  },
  ...(['systemuser', 'team'] as const).map(
    (table): Operation => ({
      name: 'RetrievePrincipalAccess',
      kind: 'function',
      on: { kind: 'row', table },
      parameters: { Target: 'required' },
      run: (call) =>
        answerOf(call, { AccessRights: rightsOf(call, rowParameter(call, 'Target')).join(', ') || 'None' }),
    }),
  ),
];

function share(call: Call, how: 'add' | 'replace'): OrgResponse {
  const { shelf } = call.exchange.org.store;
  const access = call.parameters.PrincipalAccess;
  if (!isObject(access)) throw badArgument("The parameter 'PrincipalAccess' must be an object.");
  const principal = rowOf(call, access.Principal, { name: 'Principal' });
  const key = shareKey(rowParameter(call, 'Target'), principal);
  const mask = readMask(access.AccessMask);
  const known = how === 'add' ? sharedRights(shelf, key) : [];
  shelf.put(kind, key, { text: [...new Set([...known, ...mask])].join(' ') });
  return noContent(call.exchange);
}

/** `ReadAccess,WriteAccess` */
function readMask(mask: unknown): readonly string[] {
  const names = typeof mask === 'string' ? mask.split(',').map((name) => name.trim()) : [];
  const unknown = names.find((name) => !rights.includes(name) && name !== 'None');
  if (names.length === 0 || unknown !== undefined) {
    throw badArgument(`'${String(unknown ?? mask).slice(0, 50)}' is not a valid AccessMask.`);
  }
  return names.filter((name) => name !== 'None');
}

/** All rights for the owner, and for a caller who may read everything; else what was shared. */
function rightsOf({ exchange, row: principal }: Call, target: Row): readonly string[] {
  const owner = target.values.ownerid as Reference | null | undefined;
  const { caller } = exchange.request;
  const all = owner?.id === principal!.id || (caller.organisationRead && caller.userId === principal!.id);
  const shared = sharedRights(exchange.org.store.shelf, shareKey(target, principal!));
  return all ? rights : rights.filter((right) => shared.includes(right));
}

function shareKey(target: Row, principal: Row): string {
  return `${target.table} ${target.id} ${principal.id}`;
}
