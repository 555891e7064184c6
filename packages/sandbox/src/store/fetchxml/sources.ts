import type { Compilation } from '../query/compilation.ts';
import { Scope } from '../query/scope.ts';
import { conditionsOf, isSemiJoin, semiJoin } from './conditions.ts';
import { joinCondition, type Source, type Sources, tableNamed } from './source.ts';
import { badFetch, childrenOf, required, type XmlElement } from './xml.ts';

/** Dataverse joins no more tables than this. */
const mostLinks = 15;

/** Reads `<entity>` with its `<link-entity>` elements. */
export function readSources(element: XmlElement, compilation: Compilation): Sources {
  const table = tableNamed(compilation.model, required(element, 'name'));
  const entity: Source = { element, scope: new Scope(compilation, table) };
  const links: Source[] = [];
  const joins: string[] = [];
  const conditions: string[] = [];
  const sources: Sources = {
    entity,
    links,
    conditions,
    from: () => [entity.scope.from(), ...joins].join(' '),
    named(alias) {
      const found = alias === undefined ? entity : links.find((link) => link.alias === alias);
      if (!found) throw badFetch(`There is no link-entity with the alias '${alias}'.`, '0x8004110a');
      return found;
    },
  };
  const visit = (parent: Source): void => {
    for (const link of childrenOf(parent.element, 'link-entity')) {
      if (isSemiJoin(link)) {
        conditions.push(semiJoin(link, parent.scope, sources));
        continue;
      }
      const source = linkSource(link, { parent, count: links.length });
      links.push(source);
      joins.push(joinSql(source, parent.scope, sources));
      visit(source);
    }
  };
  visit(entity);
  conditions.push(...conditionsOf(entity, sources));
  return sources;
}

function linkSource(element: XmlElement, { parent, count }: { parent: Source; count: number }): Source {
  if (count >= mostLinks) {
    throw badFetch('Number of link entities in query exceeded maximum limit.', '0x8004430d');
  }
  const { compilation } = parent.scope;
  const name = required(element, 'name');
  const scope = new Scope(compilation, tableNamed(compilation.model, name));
  return { element, scope, alias: element.attributes.alias ?? `${name}${count + 1}` };
}

/** Conditions of an outer link belong to its join: a row without a match stays. */
function joinSql(source: Source, parent: Scope, sources: Sources): string {
  const type = source.element.attributes['link-type'] ?? 'inner';
  if (type !== 'inner' && type !== 'outer' && type !== 'natural') {
    throw badFetch(`The link type '${type}' is not known.`, '0x80041117');
  }
  const on = [joinCondition(source.element, source.scope, parent), ...conditionsOf(source, sources)];
  return `${type === 'outer' ? 'LEFT' : 'INNER'} JOIN ${source.scope.from()} ON ${on.join(' AND ')}`;
}
