import { type FetchElement, sourceName } from 'dynamics365-connector/odata';
import type { Attribute, ManyToManyRelationship, Model, TableModel } from '../../model/types.ts';
import type { ScopedColumn, TableScope } from '../query/scope.ts';
import { requireTable } from '../require-table.ts';
import { comparableSql } from '../sql-columns.ts';
import { findCompanionColumn } from './companion-column.ts';
import { invalidFetchXml } from './parse-fetchxml.ts';

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
  /** Finds a source by its alias or, without one, the name of its table; undefined means the entity. */
  sourceByName(name: string | undefined): FetchSource;
}

/** Finds a source by its name in the query. */
export function findSource(all: readonly FetchSource[], name: string): FetchSource {
  const found = all.find(({ element }) => sourceName(element) === name);
  if (!found) throw invalidFetchXml(`LinkEntity with name or alias ${name} is not found`, '0x8004110a');
  return found;
}

/** A table, or the intersect table of a many-to-many relationship. */
export function requireFetchTable(model: Model, name: string): TableModel {
  const pair = model.manyToMany.find(({ intersect }) => intersect === name);
  return pair && !model.table(name) ? createIntersectTable(pair) : requireTable(model, name);
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
  const attribute = table.attributes.find((each) => each.logicalName === name && each.validForRead !== false);
  const found = attribute
    ? toScopedColumn(attribute, { table, alias })
    : (findCompanionColumn(scope, name) ?? findPartyListColumn(scope, name));
  if (found) return found;
  throw invalidFetchXml(
    `'${table.schemaName}' entity doesn't contain attribute with Name = '${name}' and NameMapping = 'Logical'.`,
    '0x80041103',
  );
}

const toScopedColumn = (
  attribute: Attribute,
  { table, alias }: Pick<ScopedColumn, 'table' | 'alias'>,
): ScopedColumn => ({
  table,
  attribute,
  alias,
  sql: comparableSql(attribute, alias),
});

/** A column of parties, such as `to`: its values are rows of activityparty, which rows of a query do not show. */
function findPartyListColumn({ table, alias }: TableScope, name: string): ScopedColumn | undefined {
  const isList = table.metadataColumns?.some(
    (each) => each.type === 'PartyList' && each.logicalName === name,
  );
  if (!isList) return undefined;
  const attribute: Attribute = {
    logicalName: name,
    schemaName: name,
    displayName: name,
    type: 'String',
    required: 'None',
    validForCreate: false,
    validForUpdate: false,
  };
  return { table, alias, attribute, sql: 'NULL', readSql: 'NULL' };
}
