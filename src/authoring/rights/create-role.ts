import { ConnectorError } from '../../errors/connector-error.ts';
import type { JsonObject } from '../../model/json.ts';
import { quoteString } from '../../odata/quote-string.ts';
import { withRowType } from '../../odata/row-type.ts';
import { sendApiRequest } from '../../run/send-api-request.ts';
import type { ComputedRole, PrivilegeDepth, RoleLine } from './compute-role.ts';
import {
  findPrivileges,
  isAtLeast,
  type OrganizationPrivilege,
  type RoleConnection,
  readAll,
  readPath,
  readRolePrivileges,
  withOrganizationNames,
} from './organization-privileges.ts';

/** A security role that was written to the organization. */
export interface CreatedRole {
  readonly id: string;
  readonly name: string;
  /** Whether a role of this name existed, whose privileges were replaced. */
  readonly replaced: boolean;
  readonly lines: readonly RoleLine[];
  /** Privileges that the organization does not have: a table or solution is missing. */
  readonly unavailable: readonly RoleLine[];
}

/**
 * Creates a security role in the root business unit with exactly the lines of a computed role, and what Dataverse gives
 * every new role. With `replace`, an existing role of this name gets exactly these lines instead.
 *
 * @throws DUPLICATE if there is a role of this name, without `replace`; ACCESS_DENIED if the user may not create roles,
 * or lacks a privilege itself: nobody can give what they do not have
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/addprivilegesrole
 */
export async function createRole(
  connection: RoleConnection,
  computed: ComputedRole,
  { name, replace = false }: { readonly name: string; readonly replace?: boolean },
): Promise<CreatedRole> {
  const role = await withOrganizationNames(connection, computed);
  const unit = await findRootUnit(connection);
  const filter = `name eq ${quoteString(name)} and _businessunitid_value eq ${unit}`;
  const [existing] = await readAll(connection, '/roles', { $select: 'roleid', $filter: filter });
  if (existing !== undefined && !replace) throw existsError(name);
  const known = await findPrivileges(connection, role.lines);
  const lines = role.lines.filter(({ privilege }) => known.has(privilege.toLowerCase()));
  const unavailable = role.lines.filter((line) => !lines.includes(line));
  const privileges = lines.map((line) => toRolePrivilege(line, known, unit));
  if (existing === undefined) {
    const id = await addRole(connection, { name, unit, privileges });
    return { id, name, replaced: false, lines, unavailable };
  }
  const id = String(existing.roleid);
  const kept = await readGiven(connection, id, unit);
  await sendPrivileges(connection, id, {
    message: 'ReplacePrivilegesRole',
    privileges: [...privileges, ...kept],
  });
  return { id, name, replaced: true, lines, unavailable };
}

/** Adds a role with its privileges. If it cannot have them, the role is deleted again. */
async function addRole(
  connection: RoleConnection,
  { name, unit, privileges }: { name: string; unit: string; privileges: readonly JsonObject[] },
): Promise<string> {
  const id = await insertRole(connection, name, unit);
  try {
    await sendPrivileges(connection, id, { message: 'AddPrivilegesRole', privileges });
    return id;
  } catch (error) {
    await deleteRole(connection, id).catch(() => {
      if (!(error instanceof ConnectorError)) throw error;
      throw error.withDetails({
        advice: `${error.advice} The role "${name}" (${id}) has no privileges yet; delete it.`,
      });
    });
    throw error;
  }
}

async function deleteRole(connection: RoleConnection, id: string): Promise<void> {
  const request = { operation: 'role', method: 'DELETE', path: `/roles(${id})`, safety: 'delete' } as const;
  await sendApiRequest(connection, request);
}

function existsError(name: string): ConnectorError {
  return new ConnectorError('DUPLICATE', `There is a security role "${name}" already.`, {
    advice: 'Choose another name, or give --replace: the role gets exactly the computed privileges.',
  });
}

async function findRootUnit(connection: RoleConnection): Promise<string> {
  const query = { $select: 'businessunitid', $filter: '_parentbusinessunitid_value eq null' };
  const [root] = await readAll(connection, '/businessunits', query);
  if (root !== undefined) return String(root.businessunitid);
  return (await connection.whoAmI()).businessUnitId;
}

async function insertRole(connection: RoleConnection, name: string, unit: string): Promise<string> {
  const id = connection.services.uuid();
  await sendApiRequest(connection, {
    operation: 'role',
    method: 'POST',
    path: '/roles',
    body: { roleid: id, name, 'businessunitid@odata.bind': `/businessunits(${unit})` },
    safety: 'once',
  });
  return id;
}

/** The level of a line; where the privilege cannot have it, the next wider one. */
function toRolePrivilege(
  { privilege, depth }: RoleLine,
  known: ReadonlyMap<string, OrganizationPrivilege>,
  BusinessUnitId: string,
): JsonObject {
  const { id = '', depths = [] } = known.get(privilege.toLowerCase()) ?? {};
  const Depth: PrivilegeDepth = depths.find((each) => isAtLeast(each, depth)) ?? depths.at(-1) ?? depth;
  return withRowType('RolePrivilege', { PrivilegeId: id, Depth, BusinessUnitId });
}

/** The privileges to run plug-ins and webhooks, which Dataverse gives every new role. */
const givenToEveryRole = /^prvRead(SdkMessage|Plugin)/i;

async function readGiven(
  connection: RoleConnection,
  id: string,
  BusinessUnitId: string,
): Promise<readonly JsonObject[]> {
  const held = readRolePrivileges(await readPath(connection, `/RetrieveRolePrivilegesRole(RoleId=${id})`));
  const given = [...held.values()].filter(({ privilege }) => givenToEveryRole.test(privilege));
  return given.map(({ id: PrivilegeId, depth: Depth }) =>
    withRowType('RolePrivilege', { PrivilegeId, Depth, BusinessUnitId }),
  );
}

async function sendPrivileges(
  connection: RoleConnection,
  id: string,
  { message, privileges }: { readonly message: string; readonly privileges: readonly JsonObject[] },
): Promise<void> {
  await sendApiRequest(connection, {
    operation: 'role',
    method: 'POST',
    path: `/roles(${id})/Microsoft.Dynamics.CRM.${message}`,
    body: { Privileges: privileges },
    safety: 'repeatable',
  });
}
