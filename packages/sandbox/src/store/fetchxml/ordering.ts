import { createOrderKey, createPrimaryKeyOrderKey, type OrderKey } from '../query/order.ts';
import type { TableScope } from '../query/scope.ts';
import { type FetchSources, findFetchColumn } from './fetch-source.ts';
import { childrenOf, type FetchElement, isTrue, requireAttribute } from './parse-fetchxml.ts';

/**
 * The sort keys of a query: those of the entity, then those of its link-entities. Choices are sorted by label (with
 * `rawOrder` by number), lookups by the name of the referenced row.
 */
export function readFetchOrder(
  { entity, links }: FetchSources,
  { rawOrder, distinct }: { rawOrder: boolean; distinct: boolean },
): readonly OrderKey[] {
  const requestedKeys = [entity, ...links].flatMap(({ element, scope }) =>
    childrenOf(element, 'order').map((order) => readOrderKey(order, scope, rawOrder)),
  );
  return distinct ? requestedKeys : [...requestedKeys, createPrimaryKeyOrderKey(entity.scope)];
}

function readOrderKey(order: FetchElement, scope: TableScope, rawOrder: boolean): OrderKey {
  const column = findFetchColumn(scope, requireAttribute(order, 'attribute'));
  const descending = isTrue(order.attributes.descending);
  const { type, options } = column.attribute;
  const isChoice = type === 'Picklist' || type === 'State' || type === 'Status';
  if (rawOrder || !isChoice || !options?.length) return createOrderKey(column, descending, scope);
  const labels = options.map(({ value, label }) => {
    const { compilation } = scope;
    return `WHEN ${compilation.bind(BigInt(value))} THEN ${compilation.bind(label)}`;
  });
  const sql = `CASE ${column.sql} ${labels.join(' ')} END COLLATE NOCASE`;
  return { sql, descending, isInteger: false };
}
