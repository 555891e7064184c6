import type { GlobalChoice } from '../../model/types.ts';
import { schemaNameTaken } from '../../store/schema-errors.ts';
import { invalidArgument } from '../errors.ts';
import type { JsonBody } from '../json-body.ts';
import { createMetadataId } from '../metadata/metadata-definition.ts';
import { noContentResponse } from '../responses.ts';
import type { WebApiContext, WebApiResponse } from '../types.ts';
import { findGlobalChoice } from './find-choice.ts';
import { mergesLabels, readLabel, readSchemaBody, readTranslations } from './labels.ts';
import { readOptions } from './read-options.ts';
import { readSchemaNames } from './schema-names.ts';
import { optionPrefix } from './solution-components.ts';

/** `POST GlobalOptionSetDefinitions` */
export function createChoice(context: WebApiContext): WebApiResponse {
  const { store } = context.org;
  const body = readSchemaBody(context, 'GlobalOptionSetDefinitions');
  const { logicalName: name } = readSchemaNames(body, 'OptionSet');
  if (findGlobalChoice(store.model, name)) throw schemaNameTaken('OptionSet', name);
  const { OptionSetType: type = 'Picklist' } = body;
  if (type !== 'Picklist')
    throw invalidArgument(`A global choice of type '${String(type)}' is not supported.`);
  store.schema.putGlobalChoice({
    name,
    displayName: readLabel(body.DisplayName) ?? name,
    description: readLabel(body.Description),
    translations: readTranslations(labelsOf(body), { merge: false }),
    options: readOptions(body, optionPrefix(context)),
  });
  const id = createMetadataId('optionset', name);
  return noContentResponse(context, {
    'OData-EntityId': `${context.base}/GlobalOptionSetDefinitions(${id})`,
  });
}

/** `PUT GlobalOptionSetDefinitions(…)`: labels and, if the body has them, options. */
export function updateChoice(context: WebApiContext, choice: GlobalChoice): WebApiResponse {
  const body = readSchemaBody(context, 'GlobalOptionSetDefinitions');
  context.org.store.schema.putGlobalChoice({
    name: choice.name,
    displayName: readLabel(body.DisplayName) ?? choice.displayName,
    description: readLabel(body.Description) ?? choice.description,
    translations: readTranslations(labelsOf(body), {
      translations: choice.translations,
      merge: mergesLabels(context),
    }),
    options: body.Options === undefined ? choice.options : readOptions(body, optionPrefix(context)),
  });
  return noContentResponse(context);
}

const labelsOf = ({ DisplayName: displayName, Description: description }: JsonBody) => ({
  displayName,
  description,
});

/** `DELETE GlobalOptionSetDefinitions(…)` */
export function deleteChoice(context: WebApiContext, { name }: GlobalChoice): WebApiResponse {
  context.org.store.schema.removeGlobalChoice(name);
  return noContentResponse(context);
}
