import { maxPageSize } from 'dynamics365-connector/odata';
import { odataPropertyName } from '../../model/attribute.ts';
import { toReference } from '../../store/entity-reference.ts';
import { entitySetName, toJsonValue } from '../odata-names.ts';
import {
  type CollectionResource,
  followLookup,
  isReachedThrough,
  type LookupResource,
  type Resource,
} from '../resource.ts';
import { contextUrl, jsonResponse, noContentResponse, textResponse } from '../responses.ts';
import { requireRow } from '../row-key.ts';
import type { WebApiContext, WebApiResponse } from '../types.ts';
import { getRow } from './get-row.ts';
import { countAnnotations, type RowCollection, relatedToParent } from './get-rows.ts';
import { parseRowQuery } from './parse-row-query.ts';

/** Handles `GET accounts(id)/name` and `…/name/$value`. The response for an empty column is 204. */
export function getProperty(
  context: WebApiContext,
  { row, attribute, bare }: Extract<Resource, { kind: 'property' }> & { bare: boolean },
): WebApiResponse {
  const { id, values, version } = requireRow(context.org.store, row.table, row.key);
  const value = attribute.logicalName === 'versionnumber' ? version : (values[attribute.logicalName] ?? null);
  if (value === null) return noContentResponse(context);
  if (bare) return textResponse(context, typeof value === 'object' ? value.id : String(value));
  const propertyPath = `${entitySetName(row.table)}(${id})/${odataPropertyName(attribute)}`;
  return jsonResponse(context, {
    '@odata.context': contextUrl(context, propertyPath),
    value: toJsonValue(attribute, value),
  });
}

/** Handles `GET accounts(id)/primarycontactid`. The response for an empty lookup is 204. */
export function getLookup(context: WebApiContext, lookup: LookupResource): WebApiResponse {
  return isLookupEmpty(context, lookup)
    ? noContentResponse(context)
    : getRow(context, followLookup(context.org.store, lookup));
}

/** Handles `GET accounts/$count` and `GET accounts(id)/Account_Tasks/$count`. The result is at most 5,000. */
export function getCount(context: WebApiContext, collection: RowCollection): WebApiResponse {
  const { filter } = parseRowQuery(context, collection.table);
  const count = context.org.store.count(collection.table.logicalName, {
    filter,
    ...relatedToParent(context, collection),
    actor: context.actor,
  });
  return textResponse(context, String(Math.min(count, maxPageSize)));
}

/** Handles `GET accounts(id)/Account_Tasks/$ref` and `GET accounts(id)/primarycontactid/$ref`: only links. */
export function getReferences(
  context: WebApiContext,
  { of }: { readonly of: CollectionResource | LookupResource },
): WebApiResponse {
  const link = (set: string, id: string) => ({ '@odata.id': `${context.base}/${set}(${id})` });
  if (of.kind === 'lookup') {
    if (isLookupEmpty(context, of)) return noContentResponse(context);
    const { table, key } = followLookup(context.org.store, of);
    const { id } = requireRow(context.org.store, table, key);
    return jsonResponse(context, {
      '@odata.context': contextUrl(context, '$ref'),
      ...link(entitySetName(table), id),
    });
  }
  const { filter, orderBy, top, count } = parseRowQuery(context, of.table);
  const result = context.org.store.query(of.table.logicalName, {
    select: [of.table.primaryId],
    filter,
    orderBy,
    top,
    count,
    ...relatedToParent(context, of),
    actor: context.actor,
  });
  return jsonResponse(context, {
    '@odata.context': contextUrl(context, 'Collection($ref)'),
    ...countAnnotations(context, result),
    value: result.rows.map(({ id }) => link(entitySetName(of.table), id)),
  });
}

function isLookupEmpty({ org }: WebApiContext, { parent, navigation }: LookupResource): boolean {
  const { values } = requireRow(org.store, parent.table, parent.key);
  return !isReachedThrough(navigation, toReference(values[navigation.attribute.logicalName]));
}
