import { type PrivilegeDepth, privilegeDepths } from '../model/privileges.ts';
import type { StoreContext } from './database.ts';
import { administratorTemplateId, type SecurityReader } from './organization-security.ts';

/** The roles of a user (?1) and of its teams, or of a team. */
const rolesSql = `SELECT ur."roleid", NULL AS "teamid" FROM "systemuserroles" ur WHERE ur."systemuserid" = ?1
UNION ALL SELECT tr."roleid", tr."teamid" FROM "teammembership" tm JOIN "teamroles" tr ON tr."teamid" = tm."teamid" WHERE tm."systemuserid" = ?1
UNION ALL SELECT tr."roleid", tr."teamid" FROM "teamroles" tr WHERE tr."teamid" = ?1`;

const administratorSql = `SELECT 1 AS n FROM (${rolesSql}) AS m JOIN "role" r ON r."roleid" = m."roleid" WHERE r."roletemplateid" = '${administratorTemplateId}' LIMIT 1`;

/** Privileges belong to the role of the root business unit, of which the roles of the other units are copies. */
const privilegesSql = `FROM (${rolesSql}) AS m JOIN "role" r ON r."roleid" = m."roleid"
JOIN "roleprivileges" rp ON rp."roleid" = coalesce(r."parentrootroleid", r."roleid")`;

const membersSql = 'SELECT "systemuserid" AS id, "isdisabled" AS disabled FROM "systemuser"';

export function createSecurityReader({ database }: Pick<StoreContext, 'database'>): SecurityReader {
  const ids = (sql: string, values: readonly string[]) =>
    database.all(sql, values).map(({ id }) => id as string);
  return {
    memberOf(column, id) {
      const row = database.get(`${membersSql} WHERE "${column}" = ?1 LIMIT 1`, [id]);
      return row && { id: row.id as string, isDisabled: row.disabled === 1 };
    },
    isAdministrator: (userId) => database.get(administratorSql, [userId]) !== undefined,
    grantsOf(userId, privilegeId) {
      const sql = `SELECT rp."privilegedepthmask" AS depth, m."teamid" AS team, r."businessunitid" AS unit, r."isinherited" AS inherited ${privilegesSql} WHERE rp."privilegeid" = ?2`;
      return database.all(sql, [userId, privilegeId]).map(({ depth, team, unit, inherited }) => ({
        depth: toDepth(Number(depth)),
        principal: team ? { table: 'team', id: team as string } : { table: 'systemuser', id: userId },
        businessUnitId: unit as string,
        includesMembers: inherited === 1,
      }));
    },
    rolesOf: (userId) =>
      ids('SELECT "roleid" AS id FROM "systemuserroles" WHERE "systemuserid" = ?1', [userId]),
    allRolesOf: (id) => ids(`SELECT DISTINCT "roleid" AS id FROM (${rolesSql})`, [id]),
    hasRole: (userId) => database.get(`${rolesSql} LIMIT 1`, [userId]) !== undefined,
    countsOf(userId) {
      const sql = `SELECT count(DISTINCT m."roleid") AS roles, count(DISTINCT rp."privilegeid") AS privileges ${privilegesSql}`;
      const { roles, privileges } = database.get(sql, [userId]) ?? {};
      return { roles: Number(roles ?? 0), privileges: Number(privileges ?? 0) };
    },
    teamsOf: (userId) =>
      ids('SELECT "teamid" AS id FROM "teammembership" WHERE "systemuserid" = ?1', [userId]),
    columnProfilesOf: (userId) => ids(columnProfilesSql, [userId]),
    businessUnitsUnder: (id) => ids(businessUnitsSql, [id]),
    privilegesOf(roleId) {
      const sql = `SELECT rp."privilegeid" AS id, rp."privilegedepthmask" AS depth FROM "role" r
JOIN "roleprivileges" rp ON rp."roleid" = coalesce(r."parentrootroleid", r."roleid") WHERE r."roleid" = ?1 ORDER BY id`;
      return database
        .all(sql, [roleId])
        .map(({ id, depth }) => ({ privilegeId: id as string, depth: toDepth(Number(depth)) }));
    },
    sharesColumn({ objectId, attributeId, principalIds, right }) {
      const list = '(SELECT value FROM json_each(?3))';
      const sql = `SELECT 1 FROM "principalobjectattributeaccess" WHERE "objectid" = ?1 AND "attributeid" = ?2 AND "principalid" IN ${list} AND "${right}" = 1`;
      return database.get(sql, [objectId, attributeId, JSON.stringify(principalIds)]) !== undefined;
    },
    sharedRights(objectId, principalIds) {
      const list = '(SELECT value FROM json_each(?2))';
      const sql = `SELECT "accessrightsmask" AS mask FROM "principalobjectaccess" WHERE "objectid" = ?1 AND "principalid" IN ${list}`;
      const rows = database.all(sql, [objectId, JSON.stringify(principalIds)]);
      return rows.reduce((rights, { mask }) => rights | Number(mask), 0);
    },
  };
}

const columnProfilesSql = `SELECT "fieldsecurityprofileid" AS id FROM "systemuserprofiles" WHERE "systemuserid" = ?1
UNION SELECT tp."fieldsecurityprofileid" FROM "teammembership" tm JOIN "teamprofiles" tp ON tp."teamid" = tm."teamid" WHERE tm."systemuserid" = ?1`;

const businessUnitsSql = `WITH RECURSIVE "$units"(id) AS (SELECT ?1 UNION SELECT "businessunitid" FROM "businessunit" JOIN "$units" ON "parentbusinessunitid" = "$units".id) SELECT id FROM "$units"`;

/** The highest level in a mask. */
function toDepth(mask: number): PrivilegeDepth {
  const depths = Object.entries(privilegeDepths) as [PrivilegeDepth, number][];
  return depths.findLast(([, bit]) => (mask & bit) !== 0)?.[0] ?? 'Basic';
}
