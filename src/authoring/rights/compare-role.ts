import type { ComputedRole, PrivilegeDepth, RoleLine } from './compute-role.ts';
import {
  findPrivileges,
  type HeldPrivilege,
  isAtLeast,
  type RoleConnection,
  readPath,
  readRolePrivileges,
  withOrganizationNames,
} from './organization-privileges.ts';

/** A line of a role, and what the user has of it. */
export interface ComparedLine extends RoleLine {
  /** The access level that the user has; absent without the privilege. */
  readonly held?: PrivilegeDepth;
}

/** A computed role compared with what a user has through all roles and teams. */
export interface RoleComparison {
  readonly userId: string;
  /** The lines that the user lacks, or has at a lower access level. */
  readonly missing: readonly ComparedLine[];
  /** The lines that the user has. */
  readonly held: readonly ComparedLine[];
  /** Privileges that the operations do not need. */
  readonly surplus: readonly HeldPrivilege[];
  /** Privileges of the computed role that the organization does not have: a table or solution is missing. */
  readonly unavailable: readonly RoleLine[];
}

/**
 * Compares a computed role with what the user of a connection has, through roles of its own and of its teams. It only
 * reads.
 *
 * @throws ACCESS_DENIED if the user cannot read privileges (`prvReadPrivilege`, `prvReadRole`)
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/retrieveuserprivileges
 */
export async function compareRole(
  connection: RoleConnection,
  computed: ComputedRole,
): Promise<RoleComparison> {
  const role = await withOrganizationNames(connection, computed);
  const { userId } = await connection.whoAmI();
  const path = `/systemusers(${userId})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()`;
  const held = readRolePrivileges(await readPath(connection, path));
  const compared = role.lines.map((line): ComparedLine => {
    const depth = held.get(line.privilege.toLowerCase())?.depth;
    return depth === undefined ? line : { ...line, held: depth };
  });
  const isHeld = (line: ComparedLine) => line.held !== undefined && isAtLeast(line.held, line.depth);
  const absent = compared.filter((line) => !isHeld(line));
  const known = await findPrivileges(connection, absent);
  const exists = ({ privilege }: RoleLine) => known.has(privilege.toLowerCase());
  const needed = new Set(role.lines.map(({ privilege }) => privilege.toLowerCase()));
  return {
    userId,
    missing: absent.filter(exists),
    held: compared.filter(isHeld),
    surplus: [...held.values()].filter(({ privilege }) => !needed.has(privilege.toLowerCase())),
    unavailable: absent.filter((line) => !exists(line)),
  };
}
