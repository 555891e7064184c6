import type { FetchElement } from 'dynamics365-connector/odata';
import { currencyColumns } from '../../model/attribute.ts';
import type { Attribute } from '../../model/types.ts';
import { quoteIdentifier } from '../database.ts';
import { findParentLookup } from '../query/function-call.ts';
import { readableTableSql } from '../query/row-access.ts';
import { columnReader, type ScopedColumn, type TableScope } from '../query/scope.ts';
import { type ColumnReader, createColumnReader } from '../sql-columns.ts';
import type { LinkedColumn } from '../types.ts';
import { type FetchSource, type FetchSources, findFetchColumn } from './fetch-source.ts';
import { childrenOf, invalidFetchXml, requireAttribute } from './parse-fetchxml.ts';

/** A column of a link-entity, a computed column, or a column with an alias. */
export interface LinkedColumnReader extends LinkedColumn {
  readonly reader: ColumnReader;
  /** The currency of an amount. */
  readonly currency?: ColumnReader;
}

/** The columns that a query reads: those of the entity (absent: all) and others. */
export interface FetchSelection {
  readonly own?: readonly Attribute[];
  readonly linked: readonly LinkedColumnReader[];
}

/** Reads the `<attribute>` and `<all-attributes>` elements. */
export function readSelection({ entity, links }: FetchSources): FetchSelection {
  const named = childrenOf(entity.element, 'attribute').map((element) => readColumn(element, entity));
  const own = named.flatMap((column) => (column.isOwn ? [column.attribute] : []));
  const all = childrenOf(entity.element, 'all-attributes').length > 0 || entity.element.children.length === 0;
  const none = named.length === 0 && !childrenOf(entity.element, 'no-attrs').length && links.length === 0;
  const linked = [
    ...named.filter(({ isOwn }) => !isOwn),
    ...links.flatMap((link) => childrenOf(link.element, 'attribute').map((one) => readColumn(one, link))),
    ...links.flatMap(readAllLinkColumns),
  ];
  return {
    own: all || none ? undefined : own,
    linked,
  };
}

interface SelectedColumn extends LinkedColumnReader {
  /** Whether it is a column of the entity under its own name. */
  readonly isOwn: boolean;
}

function readColumn(element: FetchElement, source: FetchSource): SelectedColumn {
  const { alias, rowaggregate } = element.attributes;
  const name = requireAttribute(element, 'name');
  const column =
    rowaggregate === undefined ? findFetchColumn(source.scope, name) : childCountColumn(name, source.scope);
  const { attribute } = column;
  const isPlain = alias === undefined && column.readSql === undefined;
  return {
    name: alias ?? linkedName(attribute, source),
    attribute,
    reader: columnReader(column),
    currency: currencyReader(attribute, source.scope),
    isOwn: isPlain && source.alias === undefined,
  };
}

function currencyReader(attribute: Attribute, { table, alias }: TableScope): ColumnReader | undefined {
  const [currency] = currencyColumns(table, [attribute]);
  return currency && createColumnReader(currency, alias);
}

/** `alias.column`. The columns of `matchfirstrowusingcrossapply` are returned by schema name, without the alias. */
function linkedName({ logicalName, schemaName }: Attribute, { element, alias }: FetchSource): string {
  if (alias === undefined) return logicalName;
  return element.attributes['link-type'] === 'matchfirstrowusingcrossapply'
    ? schemaName
    : `${alias}.${logicalName}`;
}

/** `rowaggregate="CountChildren"`: how many rows have this one as their parent. */
function childCountColumn(name: string, scope: TableScope): ScopedColumn {
  const { table, alias, compilation } = scope;
  const column = findFetchColumn(scope, name);
  const parent = name === table.primaryId ? findParentLookup(table) : undefined;
  if (parent === undefined)
    throw invalidFetchXml(`The table '${table.logicalName}' does not have a hierarchy.`, '0x80040203');
  const child = compilation.nextAlias();
  const key = `${alias}.${quoteIdentifier(table.primaryId)}`;
  const sql = `(SELECT count(*) FROM ${readableTableSql(table, compilation)} AS ${child} WHERE ${child}.${quoteIdentifier(parent)} = ${key})`;
  return { ...column, attribute: { ...column.attribute, type: 'Integer' }, sql, readSql: sql };
}

function readAllLinkColumns(source: FetchSource): readonly SelectedColumn[] {
  const { element, scope } = source;
  if (childrenOf(element, 'all-attributes').length === 0) return [];
  const readable = scope.table.attributes.filter(({ validForRead }) => validForRead !== false);
  return readable.map((attribute) => ({
    name: linkedName(attribute, source),
    attribute,
    reader: createColumnReader(attribute, scope.alias),
    currency: currencyReader(attribute, scope),
    isOwn: false,
  }));
}
