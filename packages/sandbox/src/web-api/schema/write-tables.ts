import { isJsonObject } from 'dynamics365-connector/base';
import { tableMetadataId } from '../../model/metadata-ids.ts';
import type { TableModel } from '../../model/types.ts';
import { syncSecuredColumns } from '../../security/secured-columns.ts';
import type { TableProperties } from '../../store/schema-change.ts';
import { DataverseError, invalidArgument } from '../errors.ts';
import type { JsonBody } from '../json-body.ts';
import { noContentResponse } from '../responses.ts';
import type { WebApiContext, WebApiResponse } from '../types.ts';
import {
  type LabelChange,
  mergesLabels,
  readFlag,
  readLabel,
  readManagedValue,
  readSchemaBody,
  readTranslations,
} from './labels.ts';
import { readNewColumn } from './read-column-definition.ts';
import { readSchemaNames } from './schema-names.ts';
import { optionPrefix } from './solution-components.ts';

/** The URL of a table's definition. */
export const tableUrl = ({ base }: WebApiContext, logicalName: string): string =>
  `${base}/EntityDefinitions(${tableMetadataId(logicalName)})`;

/** `POST EntityDefinitions`: creates a table with its primary name column and its other columns. */
export function createTable(context: WebApiContext): WebApiResponse {
  const { store } = context.org;
  const body = readSchemaBody(context, 'EntityDefinitions');
  const { schemaName, logicalName } = readSchemaNames(body, 'Entity');
  const isActivity = body.IsActivity === true;
  if (isActivity) checkActivity(body);
  const columns = readColumnBodies(body)
    .filter((column) => !(isActivity && isSubject(column)))
    .map((column) => ({
      attribute: readNewColumn(store.model, column, optionPrefix(context)),
      isPrimaryName: column.IsPrimaryName === true,
    }));
  const primary = columns.find(({ isPrimaryName }) => isPrimaryName)?.attribute;
  if (!isActivity && primary?.type !== 'String') {
    const message = 'Primary UI Attribute has to be of type String.';
    throw new DataverseError(400, '0x8004700e', message);
  }
  store.schema.addTable({
    logicalName,
    schemaName,
    set: readSetName(body),
    ...readRequiredLabels(body, schemaName),
    ...readProperties(body, { merge: false }),
    ownership: readOwnership(body),
    isActivity,
    primaryName: primary?.logicalName,
    attributes: columns.map(({ attribute }) => attribute),
  });
  syncSecuredColumns(context.org.systemStore, logicalName, context.actor);
  return noContentResponse(context, { 'OData-EntityId': tableUrl(context, logicalName) });
}

const isSubject = ({ IsPrimaryName: isPrimary, SchemaName: name }: JsonBody): boolean =>
  isPrimary === true && String(name).toLowerCase() === 'subject';

/** An activity has owners, and its primary column is its subject. */
function checkActivity(body: JsonBody): void {
  if (readOwnership(body) !== 'UserOwned') {
    throw invalidArgument('The OwnershipType of an activity must be UserOwned.');
  }
  const primary = readColumnBodies(body).find((column) => column.IsPrimaryName === true);
  if (primary && !isSubject(primary)) {
    throw invalidArgument("The primary attribute of an activity must have the SchemaName 'Subject'.");
  }
}

/** `PUT EntityDefinitions(…)`: changes labels, change tracking, notes and activities. Columns stay. */
export function updateTable(context: WebApiContext, table: TableModel): WebApiResponse {
  const body = readSchemaBody(context, 'EntityDefinitions');
  const defined = Object.entries(
    readProperties(body, { translations: table.translations, merge: mergesLabels(context) }),
  ).filter(([, value]) => value !== undefined);
  context.org.store.schema.updateTable(table.logicalName, Object.fromEntries(defined));
  return noContentResponse(context);
}

/** `DELETE EntityDefinitions(…)`: deletes a custom table with its rows. */
export function deleteTable(context: WebApiContext, table: TableModel): WebApiResponse {
  context.org.store.schema.removeTable(table.logicalName);
  return noContentResponse(context);
}

function readColumnBodies({ Attributes: columns }: JsonBody): readonly JsonBody[] {
  const bodies = Array.isArray(columns) ? columns.filter(isJsonObject) : [];
  if (bodies.length > 0) return bodies;
  throw new DataverseError(400, '0x80047014', 'No attributes for Create Entity action.');
}

function readRequiredLabels(body: JsonBody, schemaName: string) {
  for (const property of ['DisplayName', 'DisplayCollectionName']) {
    if (readLabel(body[property])) continue;
    const message = `The ${property} of the entity '${schemaName}' is missing or invalid.`;
    throw new DataverseError(400, '0x8004700c', message);
  }
  return { displayName: readLabel(body.DisplayName) };
}

function readProperties(body: JsonBody, change: LabelChange): TableProperties {
  const { DisplayName: displayName, DisplayCollectionName: displayCollectionName } = body;
  const labels = { displayName, displayCollectionName, description: body.Description };
  return {
    displayName: readLabel(body.DisplayName),
    displayCollectionName: readLabel(body.DisplayCollectionName),
    description: readLabel(body.Description),
    translations: readTranslations(labels, change) ?? {},
    changeTracking: readFlag(body.ChangeTrackingEnabled),
    audited: readFlag(readManagedValue(body.IsAuditEnabled)),
    hasNotes: readFlag(body.HasNotes),
    hasActivities: readFlag(body.HasActivities),
    enforceStateTransitions: readFlag(body.EnforceStateTransitions),
  };
}

function readSetName({ EntitySetName: name }: JsonBody): string | undefined {
  if (typeof name !== 'string' || name === '') return undefined;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    throw invalidArgument(`'${name}' is not a valid EntitySetName.`);
  return name.toLowerCase();
}

function readOwnership({ OwnershipType: type }: JsonBody): 'UserOwned' | 'OrganizationOwned' {
  if (type === undefined || type === null || type === 'UserOwned') return 'UserOwned';
  if (type === 'OrganizationOwned') return type;
  throw new DataverseError(
    400,
    '0x8004700d',
    `The ownership type mask is not valid for this operation: ${String(type)}.`,
  );
}
