import type { AlternateKey, TableModel } from '../../model/types.ts';
import { invalidArgument } from '../errors.ts';
import { createMetadataId } from '../metadata/metadata-definition.ts';
import { noContentResponse } from '../responses.ts';
import type { WebApiContext, WebApiResponse } from '../types.ts';
import { readLabel, readSchemaBody } from './labels.ts';
import { readSchemaNames } from './schema-names.ts';
import { tableUrl } from './write-tables.ts';

/** `POST EntityDefinitions(…)/Keys`. The key is active at once. */
export function createKey(context: WebApiContext, { logicalName: table }: TableModel): WebApiResponse {
  const body = readSchemaBody(context, 'Keys');
  const names = readSchemaNames(body, 'EntityKey');
  const { KeyAttributes: columns } = body;
  if (!Array.isArray(columns)) throw invalidArgument("The property 'KeyAttributes' must be a list.");
  context.org.store.schema.addKey(table, {
    ...names,
    displayName: readLabel(body.DisplayName),
    columns: columns.map(String),
  });
  const id = createMetadataId('key', table, names.logicalName);
  return noContentResponse(context, { 'OData-EntityId': `${tableUrl(context, table)}/Keys(${id})` });
}

/** `DELETE EntityDefinitions(…)/Keys(…)` */
export function deleteKey(
  context: WebApiContext,
  { logicalName: table }: TableModel,
  { logicalName }: AlternateKey,
): WebApiResponse {
  context.org.store.schema.removeKey(table, logicalName);
  return noContentResponse(context);
}
