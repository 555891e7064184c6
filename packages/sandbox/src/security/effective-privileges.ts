import { privilegeDepths } from '../model/privileges.ts';
import type { RolePrivilege } from '../store/organization-security.ts';
import type { OrganizationStore } from '../store/types.ts';
import { administratorRole, standardPrivileges, withPrivileges } from './standard-roles.ts';

/** The privileges of a user or team through all its roles, each at its highest level. */
export function effectivePrivileges(store: OrganizationStore, principalId: string): readonly RolePrivilege[] {
  const { security } = store;
  if (security.isAdministrator(principalId)) return allPrivileges(store);
  const highest = new Map<string, RolePrivilege>();
  for (const granted of security.allRolesOf(principalId).flatMap(security.privilegesOf)) {
    const known = highest.get(granted.privilegeId);
    if (!known || privilegeDepths[granted.depth] > privilegeDepths[known.depth])
      highest.set(granted.privilegeId, granted);
  }
  return [...highest.values()];
}

/** All privileges at their highest level. */
export const allPrivileges = ({ model }: OrganizationStore): readonly RolePrivilege[] =>
  standardPrivileges(administratorRole, withPrivileges(model));
