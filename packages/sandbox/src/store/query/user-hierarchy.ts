import { quoteIdentifier } from '../database.ts';
import type { QueryCompilation } from './compilation.ts';

/** Queries that give ids around the asking user: teams, business unit, reports. */

/** Teams that the user is a member of. */
export const userTeamsSql = (user: string): string =>
  `SELECT "teamid" FROM "teammembership" WHERE "systemuserid" = ${user}`;

/** The user's business unit. */
export const userBusinessUnitSql = (user: string): string =>
  `SELECT "businessunitid" FROM "systemuser" WHERE "systemuserid" = ${user}`;

/** The user and everyone who reports to them, over all levels. */
export const userHierarchySql = (user: string): string =>
  `WITH RECURSIVE "$people"(id) AS (SELECT ${user} UNION SELECT "systemuserid" FROM "systemuser" JOIN "$people" ON "parentsystemuserid" = "$people".id) SELECT id FROM "$people"`;

/** Rows under (or above) a row in the hierarchy that a table's own parent lookup makes, without the row itself. */
export function rowHierarchySql(
  hierarchy: { readonly table: string; readonly key: string; readonly parent: string; readonly id: string },
  direction: 'above' | 'under',
  compilation: QueryCompilation,
): string {
  const [table, key, parent] = [hierarchy.table, hierarchy.key, hierarchy.parent].map(quoteIdentifier);
  const start = compilation.bind(hierarchy.id);
  const [next, link] = direction === 'under' ? [key, parent] : [parent, key];
  return `WITH RECURSIVE "$line"(id) AS (SELECT ${next} FROM ${table} WHERE ${link} = ${start} UNION SELECT ${next} FROM ${table} JOIN "$line" ON ${link} = "$line".id) SELECT id FROM "$line" WHERE id IS NOT NULL`;
}
