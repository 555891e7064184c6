import { type FetchElement, isTrue } from 'dynamics365-connector/odata';
import { createOrderKey, createPrimaryKeyOrderKey, type OrderKey } from '../query/order.ts';
import type { TableScope } from '../query/scope.ts';
import { labelSql } from './companion-column.ts';
import { type FetchSource, type FetchSources, findFetchColumn } from './fetch-source.ts';
import { childrenOf, requireAttribute } from './parse-fetchxml.ts';

/**
 * The sort keys of a query: the `<order>` elements of the entity, then those of its link-entities. Choices are sorted by label (with
 * `rawOrder` by number), lookups by the name of the referenced row.
 */
export function readFetchOrder(
  sources: FetchSources,
  { rawOrder, distinct }: { rawOrder: boolean; distinct: boolean },
): readonly OrderKey[] {
  const requestedKeys = [sources.entity, ...sources.links].flatMap((source) =>
    childrenOf(source.element, 'order').map((order) =>
      readOrderKey(order, orderedSource(order, source, sources).scope, rawOrder),
    ),
  );
  return distinct ? requestedKeys : [...requestedKeys, createPrimaryKeyOrderKey(sources.entity.scope)];
}

/** The source of `<order entityname="alias">`, or that of the element around it. */
const orderedSource = (order: FetchElement, own: FetchSource, sources: FetchSources): FetchSource =>
  order.attributes.entityname === undefined ? own : sources.sourceByName(order.attributes.entityname);

function readOrderKey(order: FetchElement, scope: TableScope, rawOrder: boolean): OrderKey {
  const column = findFetchColumn(scope, requireAttribute(order, 'attribute'));
  const descending = isTrue(order.attributes.descending);
  const { type, options } = column.attribute;
  const isChoice = type === 'Picklist' || type === 'State' || type === 'Status';
  if (rawOrder || !isChoice || !options?.length) return createOrderKey(column, descending, scope);
  const sql = `${labelSql(column.attribute, column.sql, scope.compilation)} COLLATE NOCASE`;
  return { sql, descending, isInteger: false };
}
