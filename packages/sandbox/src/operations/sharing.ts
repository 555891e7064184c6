import { isJsonObject } from 'dynamics365-connector/host';
import { principalTables } from 'dynamics365-connector/odata';
import type { BlobStore } from '../store/blob-store.ts';
import type { EntityReference, StoredRow } from '../store/types.ts';
import { invalidArgument } from '../web-api/errors.ts';
import { noContentResponse } from '../web-api/responses.ts';
import type { WebApiResponse } from '../web-api/types.ts';
import { operationResponse, readRowParameter, requireBoundRow, resolveRow } from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/** All access rights, in Dataverse's order. */
const allRights = [
  'ReadAccess',
  'WriteAccess',
  'AppendAccess',
  'AppendToAccess',
  'CreateAccess',
  'DeleteAccess',
  'ShareAccess',
  'AssignAccess',
];

/** The kind of blobs with shares. Key: `<table> <row id> <principal id>`; text: names of rights. */
const shareKind = 'share';

const readSharedRights = (blobs: BlobStore, key: string): readonly string[] =>
  blobs.get(shareKind, key)?.text.split(' ') ?? [];

const shareParameters = { Target: 'required', PrincipalAccess: 'required' } as const;

/** Operations on shares. Shares are stored and returned by RetrievePrincipalAccess, but not enforced. */
export const sharingOperations: readonly WebApiOperation[] = [
  { name: 'GrantAccess', kind: 'action', parameters: shareParameters, run: (call) => shareRow(call, 'add') },
  {
    name: 'ModifyAccess',
    kind: 'action',
    parameters: shareParameters,
    run: (call) => shareRow(call, 'replace'),
  },
  {
    name: 'RevokeAccess',
    kind: 'action',
    parameters: { Target: 'required', Revokee: 'required' },
    run(call) {
      const key = buildShareKey(readRowParameter(call, 'Target'), readRowParameter(call, 'Revokee'));
      call.context.org.store.blobs.remove(shareKind, key);
      return noContentResponse(call.context);
    },
  },
  ...principalTables.map(
    (table): WebApiOperation => ({
      name: 'RetrievePrincipalAccess',
      kind: 'function',
      boundTo: { kind: 'row', table },
      parameters: { Target: 'required' },
      run: (call) =>
        operationResponse(call, {
          AccessRights: findAccessRights(call).join(', ') || 'None',
        }),
    }),
  ),
];

function shareRow(call: OperationContext, mode: 'add' | 'replace'): WebApiResponse {
  const { blobs } = call.context.org.store;
  const access = call.parameters.PrincipalAccess;
  if (!isJsonObject(access)) throw invalidArgument("The parameter 'PrincipalAccess' must be an object.");
  const principal = resolveRow(call, access.Principal, { name: 'Principal' });
  const key = buildShareKey(readRowParameter(call, 'Target'), principal);
  const mask = parseAccessMask(access.AccessMask);
  const existing = mode === 'add' ? readSharedRights(blobs, key) : [];
  blobs.put(shareKind, key, { text: [...new Set([...existing, ...mask])].join(' ') });
  return noContentResponse(call.context);
}

/** `ReadAccess,WriteAccess` */
function parseAccessMask(mask: unknown): readonly string[] {
  const names = typeof mask === 'string' ? mask.split(',').map((name) => name.trim()) : [];
  const unknown = names.find((name) => !allRights.includes(name) && name !== 'None');
  if (names.length === 0 || unknown !== undefined) {
    throw invalidArgument(`'${String(unknown ?? mask).slice(0, 50)}' is not a valid AccessMask.`);
  }
  return names.filter((name) => name !== 'None');
}

/** All rights for the owner and for a caller with organization-level read access; else the shared rights. */
function findAccessRights(call: OperationContext): readonly string[] {
  const { context } = call;
  const principal = requireBoundRow(call);
  const target = readRowParameter(call, 'Target');
  const owner = target.values.ownerid as EntityReference | null | undefined;
  const { caller } = context.request;
  const hasAllRights =
    owner?.id === principal.id || (caller.organizationRead && caller.userId === principal.id);
  const shared = readSharedRights(context.org.store.blobs, buildShareKey(target, principal));
  return hasAllRights ? allRights : allRights.filter((right) => shared.includes(right));
}

function buildShareKey(target: StoredRow, principal: StoredRow): string {
  return `${target.table} ${target.id} ${principal.id}`;
}
