import { maxLinkEntities, tooManyLinkEntities } from '../link-limit.ts';
import type { QueryCompilation } from '../query/compilation.ts';
import { TableScope } from '../query/scope.ts';
import { filtersSql, isSemiJoin, semiJoinSql } from './conditions.ts';
import { type FetchSource, type FetchSources, joinConditionSql, requireFetchTable } from './fetch-source.ts';
import { childrenOf, type FetchElement, invalidFetchXml, requireAttribute } from './parse-fetchxml.ts';

/** Reads `<entity>` with its `<link-entity>` elements. */
export function readSources(element: FetchElement, compilation: QueryCompilation): FetchSources {
  const table = requireFetchTable(compilation.model, requireAttribute(element, 'name'));
  const entity: FetchSource = { element, scope: new TableScope(compilation, table) };
  const links: FetchSource[] = [];
  const joins: string[] = [];
  const conditions: string[] = [];
  const sources: FetchSources = {
    entity,
    links,
    conditions,
    from: () => [entity.scope.from(), ...joins].join(' '),
    sourceByAlias(alias) {
      const found = alias === undefined ? entity : links.find((link) => link.alias === alias);
      if (!found) throw invalidFetchXml(`There is no link-entity with the alias '${alias}'.`, '0x8004110a');
      return found;
    },
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
  const type = source.element.attributes['link-type'] ?? 'inner';
  if (type !== 'inner' && type !== 'outer' && type !== 'natural') {
    throw invalidFetchXml(`The link type '${type}' is not supported.`, '0x80041117');
  }
  const on = [joinConditionSql(source.element, source.scope, parent), ...filtersSql(source, sources)];
  return `${type === 'outer' ? 'LEFT' : 'INNER'} JOIN ${source.scope.from()} ON ${on.join(' AND ')}`;
}
