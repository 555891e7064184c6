import type { GlobalChoice } from '../../model/types.ts';
import { schemaNameTaken } from '../../store/schema-errors.ts';
import { invalidArgument } from '../errors.ts';
import { createMetadataId } from '../metadata/metadata-definition.ts';
import { noContentResponse } from '../responses.ts';
import type { WebApiContext, WebApiResponse } from '../types.ts';
import { readJsonBody } from '../write/read-body.ts';
import { findGlobalChoice } from './find-choice.ts';
import { readLabel } from './labels.ts';
import { readOptions } from './read-options.ts';
import { readSchemaNames } from './schema-names.ts';

/** `POST GlobalOptionSetDefinitions` */
export function createChoice(context: WebApiContext): WebApiResponse {
  const { store } = context.org;
  const body = readJsonBody(context, 'GlobalOptionSetDefinitions');
  const { logicalName: name } = readSchemaNames(body, 'OptionSet');
  if (findGlobalChoice(store.model, name)) throw schemaNameTaken('OptionSet', name);
  const { OptionSetType: type = 'Picklist' } = body;
  if (type !== 'Picklist')
    throw invalidArgument(`A global choice of type '${String(type)}' is not supported.`);
  store.schema.putGlobalChoice({
    name,
    displayName: readLabel(body.DisplayName) ?? name,
    description: readLabel(body.Description),
    options: readOptions(body),
  });
  const id = createMetadataId('optionset', name);
  return noContentResponse(context, {
    'OData-EntityId': `${context.base}/GlobalOptionSetDefinitions(${id})`,
  });
}

/** `PUT GlobalOptionSetDefinitions(…)`: labels and, if the body has them, options. */
export function updateChoice(context: WebApiContext, choice: GlobalChoice): WebApiResponse {
  const body = readJsonBody(context, 'GlobalOptionSetDefinitions');
  context.org.store.schema.putGlobalChoice({
    name: choice.name,
    displayName: readLabel(body.DisplayName) ?? choice.displayName,
    description: readLabel(body.Description) ?? choice.description,
    options: body.Options === undefined ? choice.options : readOptions(body),
  });
  return noContentResponse(context);
}

/** `DELETE GlobalOptionSetDefinitions(…)` */
export function deleteChoice(context: WebApiContext, { name }: GlobalChoice): WebApiResponse {
  context.org.store.schema.removeGlobalChoice(name);
  return noContentResponse(context);
}
