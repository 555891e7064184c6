import type { FetchElement } from 'dynamics365-connector/odata';
import { isLookup } from '../../model/attribute.ts';
import type { TableModel } from '../../model/types.ts';
import { quoteIdentifier } from '../database.ts';
import type { TableScope } from '../query/scope.ts';
import { findFetchColumn } from './fetch-source.ts';
import { invalidFetchXml } from './parse-fetchxml.ts';

/** The join condition of a link-entity: `from` is a column of the linked table, `to` one of its parent. */
export function joinConditionSql(element: FetchElement, scope: TableScope, parent: TableScope): string {
  // Of SQL only: the reader of FetchXML rejects this type.
  if (element.attributes['link-type'] === 'cross') return '1';
  const column = (of: TableScope, name: string) => {
    const { alias, attribute, readSql } = findFetchColumn(of, name);
    return readSql ?? `${alias}.${quoteIdentifier(attribute.logicalName)}`;
  };
  const { from, to } = findJoinColumns(element, scope.table, parent.table);
  return `${column(scope, from)} = ${column(parent, to)}`;
}

interface JoinColumns {
  readonly from: string;
  readonly to: string;
}

/** The columns of a join. A column that the query leaves out is that of the relationship between the two tables. */
function findJoinColumns(
  { attributes: { from, to } }: FetchElement,
  table: TableModel,
  parent: TableModel,
): JoinColumns {
  if (from !== undefined && to !== undefined) return { from, to };
  const related = findRelatedColumns(table, parent);
  const found = related.find((pair) => (from ?? pair.from) === pair.from && (to ?? pair.to) === pair.to);
  if (found) return found;
  if (to !== undefined) return { from: table.primaryId, to };
  if (from !== undefined) return { from, to: parent.primaryId };
  throw invalidFetchXml(
    `No relationship between '${table.logicalName}' and '${parent.logicalName}' was found for the link-entity.`,
    '0x80041111',
  );
}

/** The columns of the relationships between two tables: lookups of the parent first. */
function findRelatedColumns(table: TableModel, parent: TableModel): readonly JoinColumns[] {
  return [
    ...lookupsTo(parent, table).map((to) => ({ from: table.primaryId, to })),
    ...lookupsTo(table, parent).map((from) => ({ from, to: parent.primaryId })),
  ];
}

const lookupsTo = (of: TableModel, target: TableModel): readonly string[] =>
  of.attributes
    .filter((attribute) => isLookup(attribute))
    .filter(({ targets = [] }) =>
      targets.some(({ table }) => table === target.logicalName || table === target.base),
    )
    .map(({ logicalName }) => logicalName);
