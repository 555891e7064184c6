import type { TableModel } from '../../model/types.ts';
import { referenceId, referenceTo } from '../../store/entity-reference.ts';
import type { StoredRow } from '../../store/types.ts';
import { invalidPayload, invalidQuery, resourceNotFound } from '../errors.ts';
import type { JsonBody } from '../json-body.ts';
import { entitySetName } from '../odata-names.ts';
import type { CollectionResource, LookupResource, Resource, RowResource } from '../resource.ts';
import { noContentResponse } from '../responses.ts';
import { findRow, requireRow } from '../row-key.ts';
import type { WebApiContext, WebApiResponse } from '../types.ts';
import { readRowBody } from './read-body.ts';
import { readPayload } from './read-payload.ts';
import { resolveReference } from './resolve-reference.ts';
import { changePair } from './rows.ts';
import { linkRow, updatePayload } from './save-payload.ts';
import { checkConditions, createRow } from './write-row.ts';

/** Handles `PUT accounts(id)/name` with `{"value": …}`. */
export function putProperty(
  context: WebApiContext,
  { row, attribute }: Extract<Resource, { kind: 'property' }>,
): WebApiResponse {
  const body = readRowBody(context, row.table);
  if (!('value' in body)) throw invalidPayload(entitySetName(row.table), "The property 'value' is missing.");
  return updateFromBody(context, row, { [attribute.logicalName]: body.value });
}

/** Handles `PUT` and `PATCH accounts(id)/entityimage` with the bytes of an image. */
export function putImage(
  context: WebApiContext,
  { row, attribute }: Extract<Resource, { kind: 'property' }>,
): WebApiResponse {
  const image = Buffer.from(context.request.body).toString('base64');
  return updateFromBody(context, row, { [attribute.logicalName]: image });
}

/** Handles `DELETE accounts(id)/name`: clears the column. */
export function deleteProperty(
  context: WebApiContext,
  { row, attribute }: Extract<Resource, { kind: 'property' }>,
): WebApiResponse {
  return updateFromBody(context, row, { [attribute.logicalName]: null });
}

/** Handles `POST accounts(id)/Account_Tasks`: creates a row in the collection. */
export function createInCollection(
  context: WebApiContext,
  { parent, navigation, table }: CollectionResource,
): WebApiResponse {
  if (navigation.kind !== 'oneToMany') throw resourceNotFound(context.url);
  const row = requireRow(context.org.store, parent.table, parent.key);
  return createRow(context, table, { [navigation.relationship.attribute]: referenceTo(row) });
}

/** Handles `PUT emails(id)/email_activity_parties` with `{"value": [ … ]}`: replaces all parties. */
export function putCollection(
  context: WebApiContext,
  { parent, navigation }: CollectionResource,
): WebApiResponse {
  if (navigation.target !== 'activityparty') throw resourceNotFound(context.url);
  const body = readRowBody(context, parent.table);
  return updateFromBody(context, parent, { [navigation.name]: body.value ?? [] });
}

/** Handles `POST …/contact_customer_accounts/$ref` and `PUT …/primarycontactid/$ref` with `{"@odata.id": …}`. */
export function addReference(
  context: WebApiContext,
  of: CollectionResource | LookupResource,
): WebApiResponse {
  const body = readRowBody(context, of.parent.table);
  const link = body['@odata.id'];
  if (typeof link !== 'string')
    throw invalidPayload(entitySetName(of.parent.table), "The property '@odata.id' is missing.");
  if (of.kind === 'lookup')
    return updateFromBody(context, of.parent, { [`${of.navigation.name}@odata.bind`]: link });
  const { store } = context.org;
  const near = requireRow(store, of.parent.table, of.parent.key);
  const far = resolveReference(context, link);
  if (far.table !== of.table.logicalName && store.model.table(far.table)?.base !== of.table.logicalName) {
    throw invalidPayload(
      entitySetName(of.parent.table),
      `A row of '${far.table}' cannot be added to '${of.navigation.name}'.`,
    );
  }
  linkRow(context, { navigation: of.navigation, near: referenceTo(near), far });
  return noContentResponse(context);
}

/** Handles `DELETE …/$ref` of a lookup, or of a collection with `?$id=url` or the row's key in the path. */
export function removeReference(
  context: WebApiContext,
  { of, member }: Extract<Resource, { kind: 'references' }>,
): WebApiResponse {
  if (of.kind === 'lookup') return updateFromBody(context, of.parent, { [of.navigation.name]: null });
  const { store } = context.org;
  const near = requireRow(store, of.parent.table, of.parent.key);
  const far = member ? findRow(store, of.table, member) : findLinkedRow(context);
  if (!far) return noContentResponse(context);
  const { navigation } = of;
  if (navigation.kind === 'manyToMany' || isLookupTo(far, navigation.relationship.attribute, near.id)) {
    changePair(context, 'Disassociate', { navigation, near: referenceTo(near), far: referenceTo(far) });
  }
  return noContentResponse(context);
}

function findLinkedRow(context: WebApiContext): StoredRow {
  const link = context.options.values.get('$id');
  if (link === undefined) throw invalidQuery('The $id query option is missing.');
  return resolveReference(context, link);
}

function isLookupTo(row: StoredRow, column: string, id: string): boolean {
  return referenceId(row.values[column]) === id;
}

/** Updates a row with a body that was created here. */
function updateFromBody(context: WebApiContext, { table, key }: RowResource, body: JsonBody): WebApiResponse {
  const { store, systemStore } = context.org;
  store.transaction(() => {
    const row = requireRow(systemStore, table, key);
    const expected = checkConditions(context, { table: actualTable(context, row, table), key, current: row });
    const payload = readPayload(context, table, body, { creating: false });
    updatePayload(context, payload, { row, expected });
  });
  return noContentResponse(context);
}

function actualTable(context: WebApiContext, row: StoredRow, table: TableModel): TableModel {
  return context.org.store.model.table(row.table) ?? table;
}
