import type { TableModel } from '../../model/types.ts';
import type { Row } from '../../store/types.ts';
import { noContent } from '../answer.ts';
import { findRow, requireRow } from '../key.ts';
import { badPayload, badQuery, noSuchResource } from '../refusal.ts';
import type { CollectionResource, LookupResource, Resource, RowResource } from '../resource.ts';
import type { Exchange, OrgResponse } from '../types.ts';
import { setOf } from '../wire.ts';
import { readRowBody } from './body.ts';
import { checkConditions, createEntity } from './entity.ts';
import { readPayload, referenceTo } from './payload.ts';
import { readReference } from './reference.ts';
import { join, updatePayload } from './save.ts';

type Json = Readonly<Record<string, unknown>>;

/** `PUT accounts(id)/name` with `{"value": …}`. */
export function putProperty(
  exchange: Exchange,
  { row, attribute }: Extract<Resource, { kind: 'property' }>,
): OrgResponse {
  const body = readRowBody(exchange, row.table);
  if (!('value' in body)) throw badPayload(setOf(row.table), "The property 'value' is missing.");
  return change(exchange, row, { [attribute.logicalName]: body.value });
}

/** `DELETE accounts(id)/name` empties the column. */
export function deleteProperty(
  exchange: Exchange,
  { row, attribute }: Extract<Resource, { kind: 'property' }>,
): OrgResponse {
  return change(exchange, row, { [attribute.logicalName]: null });
}

/** `POST accounts(id)/Account_Tasks`: a new row that belongs to the collection. */
export function createInCollection(
  exchange: Exchange,
  { parent, navigation, table }: CollectionResource,
): OrgResponse {
  if (navigation.kind !== 'children') throw noSuchResource(exchange.url);
  const row = requireRow(exchange.org.store, parent.table, parent.key);
  return createEntity(exchange, table, { [navigation.relationship.attribute]: referenceTo(row) });
}

/** `PUT emails(id)/email_activity_parties` with `{"value": [ … ]}` replaces all parties. */
export function putCollection(exchange: Exchange, { parent, navigation }: CollectionResource): OrgResponse {
  if (navigation.target !== 'activityparty') throw noSuchResource(exchange.url);
  const body = readRowBody(exchange, parent.table);
  return change(exchange, parent, { [navigation.name]: body.value ?? [] });
}

/** `POST …/contact_customer_accounts/$ref`, `PUT …/primarycontactid/$ref` with `{"@odata.id": …}`. */
export function addReference(exchange: Exchange, of: CollectionResource | LookupResource): OrgResponse {
  const body = readRowBody(exchange, of.parent.table);
  const link = body['@odata.id'];
  if (typeof link !== 'string')
    throw badPayload(setOf(of.parent.table), "The property '@odata.id' is missing.");
  if (of.kind === 'lookup')
    return change(exchange, of.parent, { [`${of.navigation.name}@odata.bind`]: link });
  const { store } = exchange.org;
  const near = requireRow(store, of.parent.table, of.parent.key);
  const far = readReference(exchange, link);
  if (far.table !== of.table.logicalName && store.model.table(far.table)?.base !== of.table.logicalName) {
    throw badPayload(
      setOf(of.parent.table),
      `A row of '${far.table}' does not belong into '${of.navigation.name}'.`,
    );
  }
  join(exchange, { navigation: of.navigation, near: referenceTo(near), far });
  return noContent(exchange);
}

/** `DELETE …/$ref`: of a lookup; of a collection with `?$id=url` or the member's key in the path. */
export function removeReference(
  exchange: Exchange,
  { of, member }: Extract<Resource, { kind: 'references' }>,
): OrgResponse {
  if (of.kind === 'lookup') return change(exchange, of.parent, { [of.navigation.name]: null });
  const { store } = exchange.org;
  const near = requireRow(store, of.parent.table, of.parent.key);
  const far = member ? findRow(store, of.table, member) : linked(exchange);
  if (!far) return noContent(exchange);
  if (of.navigation.kind === 'members') {
    store.disassociate({ navigation: of.navigation.name, near: referenceTo(near), far: referenceTo(far) });
  } else if (pointsAt(far, of.navigation.relationship.attribute, near.id)) {
    const values = { [of.navigation.relationship.attribute]: null };
    store.update({ table: far.table, id: far.id, values, actor: exchange.actor });
  }
  return noContent(exchange);
}

function linked(exchange: Exchange): Row {
  const link = exchange.options.values.get('$id');
  if (link === undefined) throw badQuery('The $id query option is missing.');
  return readReference(exchange, link);
}

function pointsAt(row: Row, column: string, id: string): boolean {
  const value = row.values[column];
  return typeof value === 'object' && value !== null && value.id === id;
}

/** Updates an existing row by a body made up here. */
function change(exchange: Exchange, { table, key }: RowResource, body: Json): OrgResponse {
  const { store } = exchange.org;
  store.transaction(() => {
    const row = requireRow(store, table, key);
    const expected = checkConditions(exchange, { table: tableOf(exchange, row, table), key, current: row });
    const payload = readPayload(exchange, table, body, { creating: false });
    updatePayload(exchange, payload, { row, expected });
  });
  return noContent(exchange);
}

function tableOf(exchange: Exchange, row: Row, table: TableModel): TableModel {
  return exchange.org.store.model.table(row.table) ?? table;
}
