import { type FetchElement, isSemiJoin, maxLinkEntities } from 'dynamics365-connector/odata';
import type { TableModel } from '../../model/types.ts';
import { quoteIdentifier } from '../database.ts';
import { tooManyLinkEntities } from '../link-limit.ts';
import type { QueryCompilation } from '../query/compilation.ts';
import { TableScope } from '../query/scope.ts';
import { deletedRowsSql } from '../recycle-bin.ts';
import { filtersSql, isOuterJoin, semiJoinSql } from './conditions.ts';
import { type FetchSource, type FetchSources, findSource, requireFetchTable } from './fetch-source.ts';
import { joinConditionSql } from './join-columns.ts';
import { childrenOf, requireAttribute } from './parse-fetchxml.ts';

/**
 * Reads `<entity>` with its `<link-entity>` elements. `dataSource`: that of the query, which holds for the rows of the
 * entity; linked rows are live rows.
 */
export function readSources(
  element: FetchElement,
  compilation: QueryCompilation,
  dataSource: string | undefined,
): FetchSources {
  const table = requireFetchTable(compilation.model, requireAttribute(element, 'name'));
  const scope = new TableScope(compilation, table, { rowsSql: dataSourceSql(table, dataSource) });
  const entity: FetchSource = { element, scope };
  const links: FetchSource[] = [];
  const joins: string[] = [];
  const conditions: string[] = [];
  const sources: FetchSources = {
    entity,
    links,
    conditions,
    from: () => [entity.scope.from(), ...joins].join(' '),
    sourceByName: (name) => (name === undefined ? entity : findSource([entity, ...links], name)),
  };
  const visit = (parent: FetchSource): void => {
    for (const link of childrenOf(parent.element, 'link-entity')) {
      if (isSemiJoin(link)) {
        conditions.push(semiJoinSql(link, parent.scope, sources));
        continue;
      }
      const source = createLinkSource(link, { parent, count: links.length });
      links.push(source);
      joins.push(joinSql(source, parent.scope, sources));
      visit(source);
    }
  };
  visit(entity);
  conditions.push(...filtersSql(entity, sources));
  return sources;
}

/** The rows of a data source; undefined: the live rows. The sandbox has no rows in `retained` and `archive`. */
function dataSourceSql(table: TableModel, dataSource = ''): string | undefined {
  if (dataSource === '') return undefined;
  return dataSource === 'bin' && !table.view && !table.intersect
    ? deletedRowsSql(table)
    : `(SELECT * FROM ${quoteIdentifier(table.logicalName)} WHERE 0)`;
}

function createLinkSource(
  element: FetchElement,
  { parent, count }: { parent: FetchSource; count: number },
): FetchSource {
  if (count >= maxLinkEntities) throw tooManyLinkEntities();
  const { compilation } = parent.scope;
  const name = requireAttribute(element, 'name');
  const scope = new TableScope(compilation, requireFetchTable(compilation.model, name));
  return { element, scope, alias: element.attributes.alias ?? `${name}${count + 1}` };
}

/** The join of a link-entity. Its filters belong to the join, so that an outer join keeps rows without a match. */
function joinSql(source: FetchSource, parent: TableScope, sources: FetchSources): string {
  const { element, scope } = source;
  const on =
    element.attributes['link-type'] === 'matchfirstrowusingcrossapply'
      ? firstRowSql(source, parent, sources)
      : [joinConditionSql(element, scope, parent), ...filtersSql(source, sources)].join(' AND ');
  return `${isOuterJoin(element) ? 'LEFT' : 'INNER'} JOIN ${scope.from()} ON ${on}`;
}

/** Joins at most one row: the first one that matches. */
function firstRowSql({ element, scope }: FetchSource, parent: TableScope, sources: FetchSources): string {
  const inner = new TableScope(scope.compilation, scope.table);
  const conditions = [
    joinConditionSql(element, inner, parent),
    ...filtersSql({ element, scope: inner }, sources),
  ];
  const key = quoteIdentifier(scope.table.primaryId);
  const first = `SELECT ${inner.alias}.${key} FROM ${inner.from()} WHERE ${conditions.join(' AND ')} ORDER BY ${inner.alias}.${key} LIMIT 1`;
  return `${scope.alias}.${key} = (${first})`;
}
