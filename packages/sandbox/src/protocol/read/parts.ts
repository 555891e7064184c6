import { wireName } from '../../model/attribute.ts';
import type { Reference } from '../../store/types.ts';
import { contextUrl, json, noContent, plainText } from '../answer.ts';
import { requireRow } from '../key.ts';
import { parseQuery } from '../options.ts';
import {
  type CollectionResource,
  followLookup,
  type LookupResource,
  leadsTo,
  type Resource,
} from '../resource.ts';
import type { Exchange, OrgResponse } from '../types.ts';
import { setOf, wireValue } from '../wire.ts';
import { readEntity } from './entity.ts';
import { type Listed, within } from './list.ts';

/** `GET accounts(id)/name` and `…/name/$value`; an empty column answers 204. */
export function readProperty(
  exchange: Exchange,
  { row, attribute, bare }: Extract<Resource, { kind: 'property' }> & { bare: boolean },
): OrgResponse {
  const { id, values, version } = requireRow(exchange.org.store, row.table, row.key);
  const value = attribute.logicalName === 'versionnumber' ? version : (values[attribute.logicalName] ?? null);
  if (value === null) return noContent(exchange);
  if (bare) return plainText(exchange, typeof value === 'object' ? value.id : String(value));
  const place = `${setOf(row.table)}(${id})/${wireName(attribute)}`;
  return json(exchange, {
    '@odata.context': contextUrl(exchange, place),
    value: wireValue(attribute, value),
  });
}

/** `GET accounts(id)/primarycontactid`; an empty lookup answers 204. */
export function readLookup(exchange: Exchange, lookup: LookupResource): OrgResponse {
  return isEmpty(exchange, lookup)
    ? noContent(exchange)
    : readEntity(exchange, followLookup(exchange.org.store, lookup));
}

/** `GET accounts/$count` and `GET accounts(id)/Account_Tasks/$count`; never more than 5,000. */
export function readCount(exchange: Exchange, listed: Listed): OrgResponse {
  const { filter } = parseQuery(exchange.options);
  const count = exchange.org.store.count(listed.table.logicalName, {
    ...(filter ? { filter } : {}),
    ...within(exchange, listed),
    actor: exchange.actor,
  });
  return plainText(exchange, String(Math.min(count, 5000)));
}

/** `GET accounts(id)/Account_Tasks/$ref` and `GET accounts(id)/primarycontactid/$ref`: links only. */
export function readReferences(
  exchange: Exchange,
  { of }: { readonly of: CollectionResource | LookupResource },
): OrgResponse {
  const link = (set: string, id: string) => ({ '@odata.id': `${exchange.base}/${set}(${id})` });
  if (of.kind === 'lookup') {
    if (isEmpty(exchange, of)) return noContent(exchange);
    const { table, key } = followLookup(exchange.org.store, of);
    const { id } = requireRow(exchange.org.store, table, key);
    return json(exchange, { '@odata.context': contextUrl(exchange, '$ref'), ...link(setOf(table), id) });
  }
  const { rows } = exchange.org.store.query(of.table.logicalName, {
    select: [of.table.primaryId],
    ...within(exchange, of),
    actor: exchange.actor,
  });
  return json(exchange, {
    '@odata.context': contextUrl(exchange, 'Collection($ref)'),
    value: rows.map(({ id }) => link(setOf(of.table), id)),
  });
}

function isEmpty({ org }: Exchange, { parent, navigation }: LookupResource): boolean {
  const { values } = requireRow(org.store, parent.table, parent.key);
  return !leadsTo(navigation, values[navigation.attribute.logicalName] as Reference | null | undefined);
}
