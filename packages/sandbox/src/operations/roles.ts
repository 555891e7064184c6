import { isJsonObject } from 'dynamics365-connector/base';
import { nullGuid, parseGuid } from '../guid.ts';
import { attributeMetadataId } from '../model/metadata-ids.ts';
import { type PrivilegeDepth, privilegeDepths, privilegeId } from '../model/privileges.ts';
import { CallerAccess } from '../security/caller-access.ts';
import { allowed, securedColumns } from '../security/column-security.ts';
import { effectivePrivileges } from '../security/effective-privileges.ts';
import { toReference } from '../store/entity-reference.ts';
import type { RolePrivilege } from '../store/organization-security.ts';
import { columnEquals, guidLiteral } from '../store/query/filter-nodes.ts';
import type { StoredRow } from '../store/types.ts';
import { DataverseError, invalidArgument, rowNotFound } from '../web-api/errors.ts';
import { noContentResponse } from '../web-api/responses.ts';
import type { WebApiResponse } from '../web-api/types.ts';
import {
  operationResponse,
  readListParameter,
  readStringParameter,
  requireBoundRow,
  resolveRow,
} from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

const roleAction = { kind: 'action', boundTo: { kind: 'row', table: 'role' } } as const;
const userFunction = { kind: 'function', boundTo: { kind: 'row', table: 'systemuser' } } as const;

/** Operations on the privileges of roles, users and teams. */
export const roleOperations: readonly WebApiOperation[] = [
  {
    name: 'AddPrivilegesRole',
    ...roleAction,
    parameters: { Privileges: 'required' },
    run: (call) => changePrivileges(call, 'add'),
  },
  {
    name: 'ReplacePrivilegesRole',
    ...roleAction,
    parameters: { Privileges: 'required' },
    run: (call) => changePrivileges(call, 'replace'),
  },
  {
    name: 'RemovePrivilegeRole',
    ...roleAction,
    parameters: { Privilege: 'optional', PrivilegeId: 'optional' },
    run: removePrivilege,
  },
  {
    name: 'RetrieveRolePrivilegesRole',
    kind: 'function',
    parameters: { RoleId: 'required' },
    run(call) {
      const role = requireRole(call, readStringParameter(call, 'RoleId'));
      return rolePrivilegesResponse(call, role, call.context.org.systemStore.security.privilegesOf(role.id));
    },
  },
  {
    name: 'RetrieveUserPrivileges',
    ...userFunction,
    parameters: {},
    run: (call) => principalPrivilegesResponse(call, requireBoundRow(call)),
  },
  {
    name: 'RetrieveTeamPrivileges',
    kind: 'function',
    boundTo: { kind: 'row', table: 'team' },
    parameters: {},
    run: (call) => principalPrivilegesResponse(call, requireBoundRow(call)),
  },
  userPrivileges('RetrieveUserPrivilegeByPrivilegeName', 'PrivilegeName', (call, parameter) => [
    privilegeId(readStringParameter(call, parameter)),
  ]),
  userPrivileges('RetrieveUserPrivilegeByPrivilegeId', 'PrivilegeId', (call, parameter) => [
    readStringParameter(call, parameter).toLowerCase(),
  ]),
  userPrivileges('RetrieveUserSetOfPrivilegesByNames', 'PrivilegeNames', (call, parameter) =>
    readListParameter(call, parameter).map((name) => privilegeId(String(name))),
  ),
  userPrivileges('RetrieveUserSetOfPrivilegesByIds', 'PrivilegeIds', (call, parameter) =>
    readListParameter(call, parameter).map((id) => String(id).toLowerCase()),
  ),
  {
    name: 'RetrieveAadUserPrivileges',
    kind: 'function',
    parameters: { DirectoryObjectId: 'required' },
    run: (call) => principalPrivilegesResponse(call, findByDirectoryId(call)),
  },
  attributePrivileges('systemuser'),
  attributePrivileges('team'),
];

/** A function that returns those privileges of a user that its parameter names. */
function userPrivileges(
  name: string,
  parameter: string,
  readIds: (call: OperationContext, parameter: string) => readonly string[],
): WebApiOperation {
  return {
    name,
    ...userFunction,
    parameters: { [parameter]: 'required' },
    run: (call) => principalPrivilegesResponse(call, requireBoundRow(call), readIds(call, parameter)),
  };
}

/** What a user or team may do with each secured column: 0 not allowed, 4 allowed. */
function attributePrivileges(table: 'systemuser' | 'team'): WebApiOperation {
  return {
    name: 'RetrievePrincipalAttributePrivileges',
    kind: 'function',
    boundTo: { kind: 'row', table },
    parameters: {},
    run(call) {
      const { systemStore } = call.context.org;
      const security = new CallerAccess(systemStore, requireBoundRow(call).id).columns;
      const isAdministrator = systemStore.security.isAdministrator(requireBoundRow(call).id);
      const AttributePrivileges = [...systemStore.model.tables.values()].flatMap((each) =>
        securedColumns(each).map(({ logicalName: name }) => {
          const { readable, creatable, updatable } = security.permissionsOf(each);
          const level = (names: ReadonlySet<string>) => (isAdministrator || names.has(name) ? allowed : 0);
          return {
            AttributeId: attributeMetadataId(each, name),
            CanCreate: level(creatable),
            CanRead: level(readable),
            CanUpdate: level(updatable),
            CanReadUnMasked: isAdministrator ? 3 : 0,
          };
        }),
      );
      return operationResponse(call, { AttributePrivileges });
    },
  };
}

/** The privileges of a parameter, as `{ PrivilegeId, Depth }`. */
function readPrivileges(call: OperationContext): readonly RolePrivilege[] {
  return readListParameter(call, 'Privileges').map((item) => {
    const { PrivilegeId, Depth } = isJsonObject(item) ? item : {};
    const id = typeof PrivilegeId === 'string' ? parseGuid(PrivilegeId) : undefined;
    const row = id === undefined ? undefined : call.context.org.systemStore.read('privilege', id);
    if (!row) {
      const message = `Invalid privilege id: ${String(PrivilegeId).slice(0, 50)}`;
      throw new DataverseError(400, '0x800404ce', message);
    }
    return { privilegeId: row.id, depth: readDepth(Depth, row) };
  });
}

const depths = Object.keys(privilegeDepths) as PrivilegeDepth[];

/** `Global` or 3: a level that the privilege can have. */
function readDepth(value: unknown, privilege: StoredRow): PrivilegeDepth {
  const depth = typeof value === 'number' ? depths[value] : depths.find((each) => each === value);
  if (depth && privilege.values[`canbe${depth.toLowerCase()}`] === true) return depth;
  const message = `The privilege ${String(privilege.values.name)} cannot have the depth ${String(value).slice(0, 20)}.`;
  throw new DataverseError(400, '0x8004140b', message);
}

/** Changes the privileges of a role. A user can give only what it has itself. */
function changePrivileges(call: OperationContext, mode: 'add' | 'replace'): WebApiResponse {
  const role = requireEditableRole(call);
  const { security } = call.context.org.systemStore;
  const privileges = readPrivileges(call);
  const { access } = call.context.request.caller;
  for (const { privilegeId: id } of privileges) {
    const name = call.context.org.systemStore.read('privilege', id)?.values.name;
    access?.require(String(name));
  }
  if (mode === 'replace') security.revokePrivileges(role.id);
  security.grantPrivileges(role.id, privileges);
  return noContentResponse(call.context);
}

function removePrivilege(call: OperationContext): WebApiResponse {
  const role = requireEditableRole(call);
  const { Privilege, PrivilegeId } = call.parameters;
  const id =
    typeof PrivilegeId === 'string'
      ? PrivilegeId.toLowerCase()
      : resolveRow(call, Privilege, { name: 'Privilege', table: 'privilege' }).id;
  call.context.org.systemStore.security.revokePrivileges(role.id, [id]);
  return noContentResponse(call.context);
}

/** Roles of other business units than the root get their privileges from the role that they are a copy of. */
function requireEditableRole(call: OperationContext): StoredRow {
  const role = requireBoundRow(call);
  const root = toReference(role.values.parentrootroleid);
  call.context.request.caller.access?.requireRight('Write', role);
  if (!root || root.id === role.id) return role;
  const message = 'Inherited roles cannot be modified. Modify the role of the root business unit.';
  throw new DataverseError(400, '0x80044152', message);
}

function requireRole({ context }: OperationContext, text: string): StoredRow {
  const id = parseGuid(text);
  if (id === undefined) throw invalidArgument("The parameter 'RoleId' is not a GUID.");
  const role = context.org.store.read('role', id);
  if (!role) throw rowNotFound({ logicalName: 'role' }, id);
  return role;
}

/** The user with a Microsoft Entra object id. */
function findByDirectoryId(call: OperationContext): StoredRow {
  const id = parseGuid(readStringParameter(call, 'DirectoryObjectId')) ?? nullGuid;
  const filter = columnEquals('azureactivedirectoryobjectid', guidLiteral(id));
  const { rows } = call.context.org.store.query('systemuser', { filter, actor: call.context.actor });
  const [user] = rows;
  if (!user) throw rowNotFound({ logicalName: 'systemuser' }, id);
  return user;
}

/** The privileges of a user or team through all roles, or those of them with these ids. */
function principalPrivilegesResponse(
  call: OperationContext,
  principal: StoredRow,
  ids?: readonly string[],
): WebApiResponse {
  const all = effectivePrivileges(call.context.org.systemStore, principal.id);
  const wanted = ids ? all.filter((each) => ids.includes(each.privilegeId)) : all;
  return rolePrivilegesResponse(call, principal, wanted);
}

function rolePrivilegesResponse(
  call: OperationContext,
  { values }: StoredRow,
  privileges: readonly RolePrivilege[],
): WebApiResponse {
  const unit = toReference(values.businessunitid);
  const names = call.context.org.systemStore.readNames(
    'privilege',
    privileges.map((each) => each.privilegeId),
  );
  return operationResponse(call, {
    RolePrivileges: privileges.map(({ privilegeId: id, depth }) => ({
      Depth: depth,
      PrivilegeId: id,
      BusinessUnitId: unit?.id ?? nullGuid,
      PrivilegeName: names.get(id) ?? '',
      RecordFilterId: nullGuid,
      RecordFilterUniqueName: '',
    })),
  });
}
