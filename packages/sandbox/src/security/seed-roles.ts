import { guidOfNames } from '../guid.ts';
import type { Actor, EntityReference, OrganizationStore } from '../store/types.ts';
import { seedAdministratorProfile } from './secured-columns.ts';
import { standardPrivileges, standardRoles, withPrivileges } from './standard-roles.ts';

/** Adds the privileges and the standard roles of an organization, where they are missing. */
export function seedRoles(
  store: OrganizationStore,
  { organizationId, unit, actor }: { organizationId: string; unit: EntityReference; actor: Actor },
): void {
  store.security.addPrivilegeRows();
  seedAdministratorProfile(store, actor);
  const tables = withPrivileges(store.model);
  for (const role of standardRoles) {
    const roleid = guidOfNames('role', organizationId, role.name);
    if (store.read('role', roleid)) continue;
    const self = { table: 'role', id: roleid };
    const roletemplateid = role.templateId ? { table: 'roletemplate', id: role.templateId } : null;
    const values = { roleid, name: role.name, businessunitid: unit, roletemplateid, isinherited: 1 };
    store.add('role', { ...values, organizationid: organizationId, ismanaged: true }, actor);
    store.update({ table: 'role', id: roleid, values: { parentrootroleid: self }, actor });
    store.security.grantPrivileges(roleid, standardPrivileges(role, tables));
  }
}
