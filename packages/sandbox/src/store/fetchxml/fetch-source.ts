import type { Attribute, ManyToManyRelationship, Model, TableModel } from '../../model/types.ts';
import { quoteIdentifier } from '../database.ts';
import type { ScopedColumn, TableScope } from '../query/scope.ts';
import { requireTable } from '../require-table.ts';
import { comparableSql } from '../sql-columns.ts';
import { type FetchElement, invalidFetchXml, requireAttribute } from './parse-fetchxml.ts';

/** The entity of a query or one of its link-entities, with its alias. */
export interface FetchSource {
  readonly element: FetchElement;
  readonly scope: TableScope;
  /** Absent for the entity itself. */
  readonly alias?: string;
}

/** The tables of a query, its joins, and the conditions outside the joins. */
export interface FetchSources {
  readonly entity: FetchSource;
  readonly links: readonly FetchSource[];
  from(): string;
  readonly conditions: readonly string[];
  /** Finds a source by alias; undefined means the entity. */
  sourceByAlias(alias: string | undefined): FetchSource;
}

/** A table, or the intersect table of a many-to-many relationship. */
export function requireFetchTable(model: Model, name: string): TableModel {
  const pair = model.manyToMany.find(({ intersect }) => intersect === name);
  return pair ? createIntersectTable(pair) : requireTable(model, name);
}

const createIntersectTable = ({ intersect, ends }: ManyToManyRelationship): TableModel => ({
  logicalName: intersect,
  schemaName: intersect,
  displayName: intersect,
  displayCollectionName: intersect,
  typeCode: 0,
  base: 'crmbaseentity',
  primaryId: ends[0].column,
  ownership: 'None',
  changeTracking: false,
  keys: [],
  attributes: ends.map(({ column }) => ({
    logicalName: column,
    schemaName: column,
    displayName: column,
    type: 'Uniqueidentifier',
    required: 'SystemRequired',
    validForCreate: false,
    validForUpdate: false,
  })),
});

/** Finds a column by logical name. */
export function findFetchColumn(scope: TableScope, name: string): ScopedColumn {
  const { table, alias } = scope;
  const attribute = table.attributes.find(({ logicalName }) => logicalName === name);
  if (!attribute) {
    throw invalidFetchXml(
      `'${table.schemaName}' entity doesn't contain attribute with Name = '${name}' and NameMapping = 'Logical'.`,
      '0x80041103',
    );
  }
  return toScopedColumn(attribute, { table, alias });
}

export const toScopedColumn = (
  attribute: Attribute,
  { table, alias }: Pick<ScopedColumn, 'table' | 'alias'>,
): ScopedColumn => ({
  table,
  attribute,
  alias,
  sql: comparableSql(attribute, alias),
});

/** The join condition of a link-entity: `from` is a column of the linked table, `to` one of its parent. */
export function joinConditionSql(element: FetchElement, scope: TableScope, parent: TableScope): string {
  const column = (of: TableScope, attribute: string) => {
    const { alias, attribute: found } = findFetchColumn(of, requireAttribute(element, attribute));
    return `${alias}.${quoteIdentifier(found.logicalName)}`;
  };
  return `${column(scope, 'from')} = ${column(parent, 'to')}`;
}
