import { accessParents } from '../../model/access-parents.ts';
import type { TableModel } from '../../model/types.ts';
import { quoteIdentifier } from '../database.ts';
import type { HiddenColumn, RowScope } from '../read-access.ts';
import { requireTable } from '../require-table.ts';
import { sqlColumns } from '../sql-columns.ts';
import type { QueryCompilation } from './compilation.ts';

/**
 * A table in a FROM clause: only the rows that the actor can read, with empty values in columns that it cannot read.
 * `rowsSql`: SQL of the rows; by default those of the table.
 */
export function readableTableSql(
  table: TableModel,
  compilation: QueryCompilation,
  rowsSql = quoteIdentifier(table.logicalName),
): string {
  const { access } = compilation.actor;
  if (!access) return rowsSql;
  const scope = access.readScope(table);
  const hidden = access.hiddenColumns(table);
  if (!scope && hidden.length === 0) return rowsSql;
  const where = scope ? ` WHERE ${scopeSql(table, scope, compilation)}` : '';
  return `(SELECT ${columnsSql(table, hidden, compilation)} FROM ${rowsSql}${where})`;
}

/** All columns; a hidden one has values only in rows where it is shared with the actor. */
function columnsSql(
  table: TableModel,
  hidden: readonly HiddenColumn[],
  compilation: QueryCompilation,
): string {
  if (hidden.length === 0) return '*';
  const key = quoteIdentifier(table.primaryId);
  const columns = table.attributes.flatMap((attribute) => {
    const names = sqlColumns(attribute).map(([name]) => name);
    const column = hidden.find(({ logicalName }) => logicalName === attribute.logicalName);
    if (!column) return names;
    const shared = sharedRowsSql(column, compilation);
    return names.map((name) => `CASE WHEN ${key} IN (${shared}) THEN ${name} END AS ${name}`);
  });
  return [table.view ? '"$table"' : '"$row"', ...columns].join(', ');
}

function sharedRowsSql({ attributeId, sharedWith }: HiddenColumn, compilation: QueryCompilation): string {
  const principals = compilation.bindList(sharedWith);
  return `SELECT "objectid" FROM "principalobjectattributeaccess" WHERE "attributeid" = ${compilation.bind(attributeId)} AND "readaccess" = 1 AND "principalid" IN ${principals}`;
}

/** The condition that a row is in a scope. */
function scopeSql(table: TableModel, scope: RowScope, compilation: QueryCompilation): string {
  const parent = accessParents[table.logicalName];
  if (parent) {
    const target = requireTable(compilation.model, parent.table);
    const [column, key] = [parent.column, target.primaryId].map(quoteIdentifier);
    return `${column} IN (SELECT ${key} FROM ${readableTableSql(target, compilation)})`;
  }
  const key = quoteIdentifier(table.primaryId);
  const units = compilation.bindList(scope.businessUnits);
  const owners = compilation.bindList(scope.owners);
  const shares = `${key} IN (SELECT "objectid" FROM "principalobjectaccess" WHERE "principalid" IN ${compilation.bindList(scope.sharedWith)} AND "accessrightsmask" & 1)`;
  const has = (column: string) => compilation.model.attribute(table, column) !== undefined;
  if (table.ownership !== 'UserOwned') {
    const unit = table.logicalName === 'businessunit' ? key : '"businessunitid"';
    return `(${unit} IN ${units} OR ${key} IN ${owners})`;
  }
  const unit = has('owningbusinessunit') ? `"owningbusinessunit" IN ${units} OR ` : '';
  return `(${unit}"ownerid" IN ${owners} OR ${shares})`;
}
