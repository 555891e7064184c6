import { newRolePrivileges } from '../security/standard-roles.ts';
import { referenceId, referenceTo } from '../store/entity-reference.ts';
import { columnEquals, guidLiteral } from '../store/query/filter-nodes.ts';
import type { Actor, OrganizationStore, StoredRow } from '../store/types.ts';
import type { TableLogic } from './table-logic.ts';
import { newUserSettings } from './user-settings.ts';

/** A new role has a few privileges, and copies in the business units below its own. */
export const roleLogic: TableLogic = {
  after({ store, actor, current }, role) {
    if (!current) completeRole(store, role, actor);
  },
};

/** A new business unit has copies of the roles of the unit above, and a default team. */
export const businessUnitLogic: TableLogic = {
  after({ store, actor, current }, unit) {
    if (!current) completeBusinessUnit(store, unit, actor);
  },
};

/** A user is a member of the default team of its business unit. Changing the unit takes the user's roles away. */
export const userLogic: TableLogic = {
  after({ store, current, actor }, user) {
    if (current && idOf(current, 'businessunitid') === idOf(user, 'businessunitid')) return;
    if (current) leaveBusinessUnit(store, current);
    if (!current) {
      const settings = { systemuserid: user.id, businessunitid: idOf(user, 'businessunitid') || null };
      store.insert('usersettings', { ...newUserSettings, ...settings }, actor);
    }
    joinDefaultTeam(store, user);
  },
};

/** Makes a user a member of the default team of its business unit, if there is one. */
export function joinDefaultTeam(store: OrganizationStore, user: StoredRow): void {
  const team = findDefaultTeam(store, user);
  if (team) store.associate(membership(team, user));
}

function leaveBusinessUnit(store: OrganizationStore, user: StoredRow): void {
  const team = findDefaultTeam(store, user);
  if (team) store.disassociate(membership(team, user));
  const near = referenceTo(user);
  for (const id of store.security.rolesOf(user.id)) {
    store.disassociate({ navigation: 'systemuserroles_association', near, far: { table: 'role', id } });
  }
}

function completeRole(store: OrganizationStore, role: StoredRow, actor: Actor): void {
  const parentrootroleid = { table: 'role', id: role.id };
  store.update({ table: 'role', id: role.id, values: { parentrootroleid, isinherited: 1 }, actor });
  store.security.grantPrivileges(role.id, newRolePrivileges);
  const unit = idOf(role, 'businessunitid');
  for (const id of store.security.businessUnitsUnder(unit)) {
    if (id !== unit) copyRole(store, { role, unit: id, root: role.id }, actor);
  }
}

/** The roles of the parent business unit hold in the new one too. */
function completeBusinessUnit(store: OrganizationStore, unit: StoredRow, actor: Actor): void {
  const businessunitid = { table: 'businessunit', id: unit.id };
  for (const role of findInUnit(store, 'role', idOf(unit, 'parentbusinessunitid'))) {
    copyRole(store, { role, unit: unit.id, root: idOf(role, 'parentrootroleid') }, actor);
  }
  store.insert('team', { name: unit.values.name ?? '', isdefault: true, businessunitid }, actor);
}

function copyRole(
  store: OrganizationStore,
  { role, unit, root }: { readonly role: StoredRow; readonly unit: string; readonly root: string },
  actor: Actor,
): void {
  const { name, roletemplateid, isinherited, organizationid } = role.values;
  const values = {
    name: name ?? '',
    roletemplateid: roletemplateid ?? null,
    isinherited: isinherited ?? 1,
    organizationid: organizationid ?? null,
    businessunitid: { table: 'businessunit', id: unit },
    parentroleid: { table: 'role', id: role.id },
    parentrootroleid: { table: 'role', id: root },
  };
  store.insert('role', values, actor);
}

const membership = (team: StoredRow, user: StoredRow) => ({
  navigation: 'teammembership_association',
  near: referenceTo(team),
  far: referenceTo(user),
});

const findDefaultTeam = (store: OrganizationStore, user: StoredRow): StoredRow | undefined =>
  findInUnit(store, 'team', idOf(user, 'businessunitid')).find(({ values }) => values.isdefault === true);

function findInUnit(store: OrganizationStore, table: string, unit: string): readonly StoredRow[] {
  if (unit === '') return [];
  const filter = columnEquals('_businessunitid_value', guidLiteral(unit));
  return store.query(table, { filter, actor: { userId: '' } }).rows;
}

const idOf = ({ values }: StoredRow, column: string): string => referenceId(values[column]) ?? '';
