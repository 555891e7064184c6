import type { Attribute, TableModel } from '../../model/types.ts';
import { createMetadataId } from '../metadata/metadata-definition.ts';
import { noContentResponse } from '../responses.ts';
import type { WebApiContext, WebApiResponse } from '../types.ts';
import { readJsonBody } from '../write/read-body.ts';
import { readColumnChanges, readNewColumn } from './read-column-definition.ts';
import { tableUrl } from './write-tables.ts';

/** `POST EntityDefinitions(…)/Attributes` */
export function createColumn(context: WebApiContext, { logicalName: table }: TableModel): WebApiResponse {
  const { store } = context.org;
  const attribute = readNewColumn(store.model, readJsonBody(context, 'Attributes'));
  store.schema.addColumn(table, attribute);
  const id = createMetadataId('attribute', table, attribute.logicalName);
  return noContentResponse(context, { 'OData-EntityId': `${tableUrl(context, table)}/Attributes(${id})` });
}

/** `PUT EntityDefinitions(…)/Attributes(…)`: properties that the body leaves out stay. */
export function updateColumn(
  context: WebApiContext,
  { logicalName: table }: TableModel,
  attribute: Attribute,
): WebApiResponse {
  const { store } = context.org;
  const body = readJsonBody(context, 'Attributes');
  store.schema.updateColumn(table, readColumnChanges(store.model, body, attribute));
  return noContentResponse(context);
}

/** `DELETE EntityDefinitions(…)/Attributes(…)` */
export function deleteColumn(
  context: WebApiContext,
  { logicalName: table }: TableModel,
  { logicalName }: Attribute,
): WebApiResponse {
  context.org.store.schema.removeColumn(table, logicalName);
  return noContentResponse(context);
}
