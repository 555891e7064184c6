import { ConnectorError, suggest } from 'dynamics365-connector/base';
import { guidOfNames } from '../guid.ts';
import { allPrivilegesOf, type Privilege, type PrivilegeDepth } from '../model/privileges.ts';
import { referenceId } from '../store/entity-reference.ts';
import { columnEquals, guidLiteral } from '../store/query/filter-nodes.ts';
import type { OrganizationStore, StoredRow } from '../store/types.ts';
import { allPrivileges, effectivePrivileges } from './effective-privileges.ts';
import { administratorRole } from './standard-roles.ts';

/** Replaces the roles of a user by the roles of these names in the user's business unit. */
export function setRoles(store: OrganizationStore, userId: string, names: readonly string[]): void {
  const available = readRoles(store, userId);
  const roles = names.map((name) => {
    const found = available.find((role) => role.values.name === name);
    if (found) return found.id;
    const known = available.map((role) => String(role.values.name));
    const [similar = administratorRole.name] = suggest(name, known);
    throw new ConnectorError('SETTING_INVALID', `There is no security role "${name}".`, {
      advice: `Did you mean "${similar}"? The roles are: ${known.join(', ')}.`,
    });
  });
  store.transaction(() => replaceRoles(store, userId, roles));
}

/** The roles of a user's business unit. */
function readRoles(store: OrganizationStore, userId: string): readonly StoredRow[] {
  const unit = referenceId(store.read('systemuser', userId)?.values.businessunitid);
  const filter = columnEquals('_businessunitid_value', guidLiteral(unit ?? ''));
  return unit ? store.query('role', { filter, actor: { userId } }).rows : [];
}

function replaceRoles(store: OrganizationStore, userId: string, roleIds: readonly string[]): void {
  const pair = (id: string) => ({
    navigation: 'systemuserroles_association',
    near: { table: 'systemuser', id: userId },
    far: { table: 'role', id },
  });
  for (const id of store.security.rolesOf(userId)) store.disassociate(pair(id));
  for (const id of roleIds) store.associate(pair(id));
}

/** Changes one privilege of a user. The user gets a role of its own, unless it may do everything afterwards. */
export function setPrivilege(
  store: OrganizationStore,
  userId: string,
  { privilege: name, level }: { readonly privilege: string; readonly level: PrivilegeDepth | boolean },
): void {
  const privilege = requirePrivilege(store, name);
  const depth = level === true ? privilege.depths.at(-1) : level;
  if (depth && !privilege.depths.includes(depth)) {
    const levels = privilege.depths.join(', ');
    throw new ConnectorError('SETTING_INVALID', `${privilege.name} has no access level "${depth}".`, {
      advice: `Use one of: ${levels}.`,
    });
  }
  store.transaction(() => {
    const roleId = ensureOwnRole(store, userId);
    if (depth) store.security.grantPrivileges(roleId, [{ privilegeId: privilege.id, depth }]);
    else store.security.revokePrivileges(roleId, [privilege.id]);
    if (!mayDoEverything(store, roleId)) return;
    setRoles(store, userId, [administratorRole.name]);
    store.delete('role', roleId);
  });
}

function requirePrivilege({ model }: OrganizationStore, name: string): Privilege {
  const privileges = allPrivilegesOf(model.tables.values());
  const found = privileges.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (found) return found;
  const names = privileges.map((each) => each.name);
  const [similar = 'prvReadAccount'] = suggest(name, names);
  throw new ConnectorError('SETTING_INVALID', `There is no privilege "${name}".`, {
    advice: `Did you mean "${similar}"?`,
  });
}

/** The role that only this user has. At first, it has the privileges of the user's roles. */
function ensureOwnRole(store: OrganizationStore, userId: string): string {
  const roleid = guidOfNames('own role', userId);
  if (store.read('role', roleid)) return roleid;
  const user = store.read('systemuser', userId);
  const businessunitid = user?.values.businessunitid ?? null;
  const name = `Privileges of ${user?.values.fullname ?? userId}`;
  const privileges = effectivePrivileges(store, userId);
  const actor = { userId };
  store.insert('role', { roleid, name, businessunitid, isinherited: 1 }, actor);
  const parentrootroleid = { table: 'role', id: roleid };
  store.update({ table: 'role', id: roleid, values: { parentrootroleid }, actor });
  store.security.grantPrivileges(roleid, privileges);
  replaceRoles(store, userId, [roleid]);
  return roleid;
}

function mayDoEverything(store: OrganizationStore, roleId: string): boolean {
  const global = store.security.privilegesOf(roleId).filter(({ depth }) => depth === 'Global');
  return global.length === allPrivileges(store).length;
}
