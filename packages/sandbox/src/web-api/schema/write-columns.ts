import { attributeMetadataId } from '../../model/metadata-ids.ts';
import type { Attribute, TableModel } from '../../model/types.ts';
import { syncSecuredColumns } from '../../security/secured-columns.ts';
import { noContentResponse } from '../responses.ts';
import type { WebApiContext, WebApiResponse } from '../types.ts';
import { mergesLabels, readSchemaBody } from './labels.ts';
import { readColumnChanges, readNewColumn } from './read-column-definition.ts';
import { optionPrefix } from './solution-components.ts';
import { tableUrl } from './write-tables.ts';

/** `POST EntityDefinitions(…)/Attributes` */
export function createColumn(context: WebApiContext, { logicalName: table }: TableModel): WebApiResponse {
  const { store } = context.org;
  const attribute = readNewColumn(store.model, readSchemaBody(context, 'Attributes'), optionPrefix(context));
  store.schema.addColumn(table, attribute);
  syncSecuredColumns(context.org.systemStore, table, context.actor);
  const id = attributeMetadataId({ logicalName: table }, attribute.logicalName);
  return noContentResponse(context, { 'OData-EntityId': `${tableUrl(context, table)}/Attributes(${id})` });
}

/** `PUT EntityDefinitions(…)/Attributes(…)`: properties that the body leaves out stay. */
export function updateColumn(
  context: WebApiContext,
  { logicalName: table }: TableModel,
  attribute: Attribute,
): WebApiResponse {
  const { store } = context.org;
  const body = readSchemaBody(context, 'Attributes');
  const changed = { column: attribute, prefix: optionPrefix(context), merge: mergesLabels(context) };
  store.schema.updateColumn(table, readColumnChanges(store.model, body, changed));
  syncSecuredColumns(context.org.systemStore, table, context.actor);
  return noContentResponse(context);
}

/** `DELETE EntityDefinitions(…)/Attributes(…)` */
export function deleteColumn(
  context: WebApiContext,
  { logicalName: table }: TableModel,
  { logicalName }: Attribute,
): WebApiResponse {
  const { store, systemStore } = context.org;
  store.schema.removeColumn(table, logicalName);
  syncSecuredColumns(systemStore, table, context.actor);
  return noContentResponse(context);
}
