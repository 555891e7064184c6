import { type OrderKey, orderKey, placeKey } from '../query/order.ts';
import type { Scope } from '../query/scope.ts';
import { fetchColumn, type Sources } from './source.ts';
import { childrenOf, isTrue, required, type XmlElement } from './xml.ts';

/**
 * The order of a query: the entity's orders, then those of its links. Choices are ordered by their labels
 * (`rawOrder`: by their numbers), lookups by the name of the row they point at.
 */
export function orderOf(
  { entity, links }: Sources,
  { rawOrder, distinct }: { rawOrder: boolean; distinct: boolean },
): readonly OrderKey[] {
  const asked = [entity, ...links].flatMap(({ element, scope }) =>
    childrenOf(element, 'order').map((order) => keyOf(order, scope, rawOrder)),
  );
  return distinct ? asked : [...asked, placeKey(entity.scope)];
}

function keyOf(order: XmlElement, scope: Scope, rawOrder: boolean): OrderKey {
  const column = fetchColumn(scope, required(order, 'attribute'));
  const descending = isTrue(order.attributes.descending);
  const { type, options } = column.attribute;
  const isChoice = type === 'Picklist' || type === 'State' || type === 'Status';
  if (rawOrder || !isChoice || !options?.length) return orderKey(column, descending, scope);
  const labels = options.map(({ value, label }) => {
    const { compilation } = scope;
    return `WHEN ${compilation.bind(BigInt(value))} THEN ${compilation.bind(label)}`;
  });
  const sql = `CASE ${column.sql} ${labels.join(' ')} END COLLATE NOCASE`;
  return { sql, descending, wholeNumber: false };
}
