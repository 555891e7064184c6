import {
  allPrivilegesOf,
  ownPrivileges,
  type Privilege,
  privilegeDepths,
  privilegeVerbs,
} from '../model/privileges.ts';
import type { TableModel } from '../model/types.ts';
import type { StoreContext } from './database.ts';
import {
  administratorTemplateId,
  customizerTemplateId,
  type OrganizationSecurity,
  type RolePrivilege,
} from './organization-security.ts';
import { createSecurityReader } from './security-reader.ts';

/** What writing privileges needs. */
export interface PrivilegeContext extends Pick<StoreContext, 'database'> {
  readonly nextVersion: () => bigint;
}

/** The roles, privileges and shares of an organization. */
export function createOrganizationSecurity(
  context: StoreContext & Pick<PrivilegeContext, 'nextVersion'>,
): OrganizationSecurity {
  return {
    ...createSecurityReader(context),
    addPrivilegeRows: () => addPrivilegeRows(context.model.tables.values(), context),
    grantPrivileges: (roleId, granted) => grantPrivileges(roleId, granted, context),
    revokePrivileges: (roleId, ids) => revokePrivileges(roleId, ids, context),
  };
}

/** Adds the rows of all privileges of these tables, and of those that belong to no table. */
function addPrivilegeRows(tables: Iterable<TableModel>, context: PrivilegeContext): void {
  insertPrivileges(allPrivilegesOf(tables), context);
}

/** Adds the privileges that a new table has for itself, which administrators and customizers get. */
export function addTablePrivileges(table: TableModel, context: PrivilegeContext): void {
  const privileges = ownPrivileges(table);
  insertPrivileges(privileges, context);
  const templates = JSON.stringify([administratorTemplateId, customizerTemplateId]);
  const sql =
    'SELECT "roleid" AS id FROM "role" WHERE "parentrootroleid" = "roleid" AND "roletemplateid" IN (SELECT value FROM json_each(?1))';
  const granted = privileges.map(({ id }) => ({ privilegeId: id, depth: 'Global' }) as const);
  for (const { id } of context.database.all(sql, [templates])) {
    grantPrivileges(id as string, granted, context);
  }
}

/** Removes the privileges that a table has for itself, also from all roles. */
export function removeTablePrivileges(table: TableModel, database: PrivilegeContext['database']): void {
  const ids = JSON.stringify(ownPrivileges(table).map(({ id }) => id));
  for (const name of ['roleprivileges', 'privilege']) {
    database.run(`DELETE FROM "${name}" WHERE "privilegeid" IN (SELECT value FROM json_each(?1))`, [ids]);
  }
}

/** Gives privileges to a role, or changes their access level. */
function grantPrivileges(
  roleId: string,
  privileges: readonly RolePrivilege[],
  { database, nextVersion }: PrivilegeContext,
): void {
  const masks = privileges.map(({ privilegeId, depth }) => [privilegeId, privilegeDepths[depth]] as const);
  // The id of a pair consists of the first half of the role's id and the second half of the privilege's.
  const sql = `INSERT INTO "roleprivileges" ("roleprivilegeid", "roleid", "privilegeid", "privilegedepthmask", "versionnumber")
SELECT substr(?1, 1, 19) || substr(key, 20), ?1, key, value, ?3 FROM json_each(?2) WHERE 1
ON CONFLICT ("roleid", "privilegeid") DO UPDATE SET "privilegedepthmask" = excluded."privilegedepthmask", "versionnumber" = ?3`;
  database.run(sql, [roleId, JSON.stringify(Object.fromEntries(masks)), nextVersion()]);
}

/** Takes privileges from a role; without ids all of them. */
function revokePrivileges(
  roleId: string,
  privilegeIds: readonly string[] | undefined,
  { database, nextVersion }: PrivilegeContext,
): void {
  nextVersion();
  if (!privilegeIds) {
    database.run('DELETE FROM "roleprivileges" WHERE "roleid" = ?1', [roleId]);
    return;
  }
  const sql =
    'DELETE FROM "roleprivileges" WHERE "roleid" = ?1 AND "privilegeid" IN (SELECT value FROM json_each(?2))';
  database.run(sql, [roleId, JSON.stringify(privilegeIds)]);
}

const privilegeColumns = [
  ...['privilegeid', 'name', 'accessright', 'canbebasic', 'canbelocal', 'canbedeep', 'canbeglobal'],
  ...['canbeentityreference', 'canbeparententityreference', 'canberecordfilter', 'ismanaged'],
];

function insertPrivileges(
  privileges: readonly Privilege[],
  { database, nextVersion }: PrivilegeContext,
): void {
  const rows = privileges.map(({ id, name, verb, depths }) => [
    id,
    name,
    verb ? privilegeVerbs[verb] : 0,
    ...(['Basic', 'Local', 'Deep', 'Global'] as const).map((depth) => Number(depths.includes(depth))),
    ...[0, 0, 0, 1],
  ]);
  const names = privilegeColumns.map((name) => `"${name}"`).join(', ');
  const values = privilegeColumns.map((_, index) => `value ->> ${index}`).join(', ');
  const sql = `INSERT OR IGNORE INTO "privilege" (${names}, "versionnumber") SELECT ${values}, ?2 FROM json_each(?1)`;
  database.run(sql, [JSON.stringify(rows), nextVersion()]);
}
