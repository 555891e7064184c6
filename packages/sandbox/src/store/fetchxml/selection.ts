import type { Attribute } from '../../model/types.ts';
import { type ColumnReader, createColumnReader } from '../sql-columns.ts';
import type { LinkedColumn } from '../types.ts';
import { type FetchSource, type FetchSources, findFetchColumn } from './fetch-source.ts';
import { childrenOf, requireAttribute } from './parse-fetchxml.ts';

/** A column of a link-entity, or a column with an alias. */
export interface LinkedColumnReader extends LinkedColumn {
  readonly reader: ColumnReader;
}

/** The columns that a query reads: those of the entity (absent: all) and those of link-entities. */
export interface FetchSelection {
  readonly own?: readonly Attribute[];
  readonly linked: readonly LinkedColumnReader[];
}

/** Reads the `<attribute>` and `<all-attributes>` elements. */
export function readSelection({ entity, links }: FetchSources): FetchSelection {
  const named = childrenOf(entity.element, 'attribute');
  const plain = named.filter(({ attributes }) => attributes.alias === undefined);
  const aliased = named.filter(({ attributes }) => attributes.alias !== undefined);
  const all = childrenOf(entity.element, 'all-attributes').length > 0 || entity.element.children.length === 0;
  const none = named.length === 0 && !childrenOf(entity.element, 'no-attrs').length && links.length === 0;
  const own = plain.map(
    (element) => findFetchColumn(entity.scope, requireAttribute(element, 'name')).attribute,
  );
  const linked = [
    ...aliased.map((element) => ({ source: entity, element })),
    ...links.flatMap((source) =>
      childrenOf(source.element, 'attribute').map((element) => ({ source, element })),
    ),
  ].map(({ source, element }): LinkedColumnReader => {
    const { attribute, alias } = findFetchColumn(source.scope, requireAttribute(element, 'name'));
    const name = element.attributes.alias ?? `${source.alias}.${attribute.logicalName}`;
    return { name, attribute, reader: createColumnReader(attribute, alias) };
  });
  return {
    own: all || none ? undefined : own,
    linked: [...linked, ...links.flatMap(readAllLinkColumns)],
  };
}

function readAllLinkColumns({ element, scope, alias }: FetchSource): readonly LinkedColumnReader[] {
  if (childrenOf(element, 'all-attributes').length === 0) return [];
  return scope.table.attributes.map((attribute) => ({
    name: `${alias}.${attribute.logicalName}`,
    attribute,
    reader: createColumnReader(attribute, scope.alias),
  }));
}
