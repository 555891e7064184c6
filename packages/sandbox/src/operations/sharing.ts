import { isJsonObject } from 'dynamics365-connector/base';
import { principalTables } from 'dynamics365-connector/odata';
import { type PrivilegeVerb, privilegeVerbs } from '../model/privileges.ts';
import { CallerAccess } from '../security/caller-access.ts';
import { formatDateTime } from '../store/date-time.ts';
import { columnEquals, guidLiteral } from '../store/query/filter-nodes.ts';
import type { StoredRow } from '../store/types.ts';
import { invalidArgument } from '../web-api/errors.ts';
import { entityTypeName } from '../web-api/odata-names.ts';
import { noContentResponse } from '../web-api/responses.ts';
import type { WebApiResponse } from '../web-api/types.ts';
import { operationResponse, readRowParameter, requireBoundRow, resolveRow } from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/** All access rights, in Dataverse's order. */
const verbs: readonly PrivilegeVerb[] = [
  ...(['Read', 'Write', 'Append', 'AppendTo', 'Create', 'Delete', 'Share', 'Assign'] as const),
];

const shareParameters = { Target: 'required', PrincipalAccess: 'required' } as const;

/** Operations on shares: rows of `principalobjectaccess`. */
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
      const { access } = call.context.request.caller;
      const target = readRowParameter(call, 'Target');
      access?.requireRight('Share', target);
      putShare(call, { target, principal: readRowParameter(call, 'Revokee'), rights: 0 });
      return noContentResponse(call.context);
    },
  },
  {
    name: 'RetrieveSharedPrincipalsAndAccess',
    kind: 'function',
    parameters: { Target: 'required' },
    run: (call) =>
      operationResponse(call, {
        PrincipalAccesses: readShares(call, readRowParameter(call, 'Target')).map(toPrincipalAccess),
      }),
  },
  ...principalTables.map(
    (table): WebApiOperation => ({
      name: 'RetrievePrincipalAccess',
      kind: 'function',
      boundTo: { kind: 'row', table },
      parameters: { Target: 'required' },
      run(call) {
        const target = readRowParameter(call, 'Target');
        return operationResponse(call, { AccessRights: formatRights(findRights(call, target)) });
      },
    }),
  ),
];

/** The rights of the bound user or team. What is shared with a team counts for its members, whatever roles it has. */
function findRights(call: OperationContext, target: StoredRow): number {
  const { systemStore } = call.context.org;
  const { id, table } = requireBoundRow(call);
  const shared = table === 'team' ? systemStore.security.sharedRights(target.id, [id]) : 0;
  return new CallerAccess(systemStore, id).rightsTo(target) | shared;
}

/** Shares a row. A user can share only the rights that it has. */
function shareRow(call: OperationContext, mode: 'add' | 'replace'): WebApiResponse {
  const given = call.parameters.PrincipalAccess;
  if (!isJsonObject(given)) throw invalidArgument("The parameter 'PrincipalAccess' must be an object.");
  const principal = resolveRow(call, given.Principal, { name: 'Principal' });
  const target = readRowParameter(call, 'Target');
  const granted = parseAccessMask(given.AccessMask);
  const { access } = call.context.request.caller;
  for (const verb of ['Share' as const, ...granted]) access?.requireRight(verb, target);
  const mask = granted.reduce((rights, verb) => rights | privilegeVerbs[verb], 0);
  const existing = Number(findShare(call, target, principal)?.values.accessrightsmask ?? 0);
  putShare(call, { target, principal, rights: mode === 'add' ? existing | mask : mask });
  return noContentResponse(call.context);
}

/** `ReadAccess,WriteAccess` */
function parseAccessMask(mask: unknown): readonly PrivilegeVerb[] {
  const names = typeof mask === 'string' ? mask.split(',').map((name) => name.trim()) : [];
  const unknown = names.find((name) => name !== 'None' && !verbs.some((verb) => name === `${verb}Access`));
  if (names.length === 0 || unknown !== undefined) {
    throw invalidArgument(`'${String(unknown ?? mask).slice(0, 50)}' is not a valid AccessMask.`);
  }
  return verbs.filter((verb) => names.includes(`${verb}Access`));
}

function formatRights(rights: number): string {
  const names = verbs.filter((verb) => (rights & privilegeVerbs[verb]) !== 0).map((verb) => `${verb}Access`);
  return names.join(', ') || 'None';
}

function readShares({ context }: OperationContext, { id }: StoredRow): readonly StoredRow[] {
  const { systemStore } = context.org;
  const filter = columnEquals('objectid', guidLiteral(id));
  return systemStore.query('principalobjectaccess', { filter, actor: context.actor }).rows;
}

const findShare = (call: OperationContext, target: StoredRow, { id }: StoredRow): StoredRow | undefined =>
  readShares(call, target).find(({ values }) => values.principalid === id);

/** Stores the rights of a principal to a row. Without rights, there is no share. */
function putShare(
  call: OperationContext,
  { target, principal, rights }: { target: StoredRow; principal: StoredRow; rights: number },
): void {
  const { org, actor } = call.context;
  const table = 'principalobjectaccess';
  const share = findShare(call, target, principal);
  recordShare(call, { target, principal, rights, before: Number(share?.values.accessrightsmask ?? 0) });
  const values = { accessrightsmask: rights, changedon: formatDateTime(org.now()) };
  if (share && rights === 0) org.systemStore.delete(table, share.id);
  else if (share) org.systemStore.update({ table, id: share.id, values, actor });
  else if (rights !== 0) {
    const subject = { principalid: principal.id, principaltypecode: principal.table };
    const object = { objectid: target.id, objecttypecode: target.table };
    org.systemStore.insert(table, { ...subject, ...object, ...values, inheritedaccessrightsmask: 0 }, actor);
  }
}

function recordShare(
  { context }: OperationContext,
  share: { target: StoredRow; principal: StoredRow; rights: number; before: number },
): void {
  const { target, principal, rights, before } = share;
  if (rights === before) return;
  const event = rights === 0 ? 'unshare' : before === 0 ? 'share' : 'modify-share';
  context.org.audit?.record(target, event, {
    kind: 'share',
    principal: { table: principal.table, id: principal.id },
    oldRights: formatRights(before),
    newRights: formatRights(rights),
  });
}

function toPrincipalAccess({ values }: StoredRow): object {
  const table = String(values.principaltypecode);
  return {
    AccessMask: formatRights(Number(values.accessrightsmask)),
    Principal: {
      '@odata.type': `#${entityTypeName({ logicalName: table })}`,
      [`${table}id`]: values.principalid,
      ownerid: values.principalid,
    },
  };
}
