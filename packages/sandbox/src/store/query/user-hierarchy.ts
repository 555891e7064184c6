import { quoteIdentifier } from '../database.ts';
import type { QueryCompilation } from './compilation.ts';

/** A query for the teams that the user is a member of. */
export const userTeamsSql = (user: string): string =>
  `SELECT "teamid" FROM "teammembership" WHERE "systemuserid" = ${user}`;

/** A query for the user's business unit. */
export const userBusinessUnitSql = (user: string): string =>
  `SELECT "businessunitid" FROM "systemuser" WHERE "systemuserid" = ${user}`;

/** A query for the business units of the user's own roles. */
export const roleBusinessUnitsSql = (user: string): string =>
  `SELECT r."businessunitid" FROM "systemuserroles" ur JOIN "role" r ON r."roleid" = ur."roleid" WHERE ur."systemuserid" = ${user}`;

/** A query for the user and everyone who reports to them, directly or indirectly. */
export const userHierarchySql = (user: string): string =>
  `WITH RECURSIVE "$reports"(id) AS (SELECT ${user} UNION SELECT "systemuserid" FROM "systemuser" JOIN "$reports" ON "parentsystemuserid" = "$reports".id) SELECT id FROM "$reports"`;

/** A query for the rows under or above a row, along the table's parent lookup, without the row itself. */
export function rowHierarchySql(
  hierarchy: { readonly table: string; readonly key: string; readonly parent: string; readonly id: string },
  direction: 'above' | 'under',
  compilation: QueryCompilation,
): string {
  const [table, key, parent] = [hierarchy.table, hierarchy.key, hierarchy.parent].map(quoteIdentifier);
  const start = compilation.bind(hierarchy.id);
  const [next, link] = direction === 'under' ? [key, parent] : [parent, key];
  return `WITH RECURSIVE "$hierarchy"(id) AS (SELECT ${next} FROM ${table} WHERE ${link} = ${start} UNION SELECT ${next} FROM ${table} JOIN "$hierarchy" ON ${link} = "$hierarchy".id) SELECT id FROM "$hierarchy" WHERE id IS NOT NULL`;
}
