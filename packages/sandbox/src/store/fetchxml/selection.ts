import type { Attribute } from '../../model/types.ts';
import { type Reading, reading } from '../columns.ts';
import type { LinkedColumn } from '../types.ts';
import { fetchColumn, type Source, type Sources } from './source.ts';
import { childrenOf, required } from './xml.ts';

/** A column that is not the entity's own under its own name. */
export interface LinkedReading extends LinkedColumn {
  readonly read: Reading;
}

/** What a query reads: the entity's own columns (absent: all of them), and those of links. */
export interface Selection {
  readonly own?: readonly Attribute[];
  readonly linked: readonly LinkedReading[];
}

/** Reads the `<attribute>` and `<all-attributes>` elements. */
export function readSelection({ entity, links }: Sources): Selection {
  const named = childrenOf(entity.element, 'attribute');
  const plain = named.filter(({ attributes }) => attributes.alias === undefined);
  const aliased = named.filter(({ attributes }) => attributes.alias !== undefined);
  const all = childrenOf(entity.element, 'all-attributes').length > 0 || entity.element.children.length === 0;
  const none = named.length === 0 && !childrenOf(entity.element, 'no-attrs').length && links.length === 0;
  const own = plain.map((element) => fetchColumn(entity.scope, required(element, 'name')).attribute);
  const linked = [
    ...aliased.map((element) => ({ source: entity, element })),
    ...links.flatMap((source) =>
      childrenOf(source.element, 'attribute').map((element) => ({ source, element })),
    ),
  ].map(({ source, element }): LinkedReading => {
    const { attribute, alias } = fetchColumn(source.scope, required(element, 'name'));
    const name = element.attributes.alias ?? `${source.alias}.${attribute.logicalName}`;
    return { name, attribute, read: reading(attribute, alias) };
  });
  return { ...(!all && !none && { own }), linked: [...linked, ...links.flatMap(wholeLink)] };
}

function wholeLink({ element, scope, alias }: Source): readonly LinkedReading[] {
  if (childrenOf(element, 'all-attributes').length === 0) return [];
  return scope.table.attributes.map((attribute) => ({
    name: `${alias}.${attribute.logicalName}`,
    attribute,
    read: reading(attribute, scope.alias),
  }));
}
