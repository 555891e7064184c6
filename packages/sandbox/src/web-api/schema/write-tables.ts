import { isJsonObject } from 'dynamics365-connector/host';
import type { TableModel } from '../../model/types.ts';
import type { TableProperties } from '../../store/schema-change.ts';
import { DataverseError, invalidArgument } from '../errors.ts';
import type { JsonBody } from '../json-body.ts';
import { createMetadataId } from '../metadata/metadata-definition.ts';
import { noContentResponse } from '../responses.ts';
import type { WebApiContext, WebApiResponse } from '../types.ts';
import { readJsonBody } from '../write/read-body.ts';
import { readLabel } from './labels.ts';
import { readNewColumn } from './read-column-definition.ts';
import { readSchemaNames } from './schema-names.ts';

/** The URL of a table's definition. */
export const tableUrl = ({ base }: WebApiContext, logicalName: string): string =>
  `${base}/EntityDefinitions(${createMetadataId('entity', logicalName)})`;

/** `POST EntityDefinitions`: creates a table with its primary name column and its other columns. */
export function createTable(context: WebApiContext): WebApiResponse {
  const { store } = context.org;
  const body = readJsonBody(context, 'EntityDefinitions');
  const { schemaName, logicalName } = readSchemaNames(body, 'Entity');
  if (body.IsActivity === true) {
    throw invalidArgument('The sandbox does not support custom activity tables. Set IsActivity to false.');
  }
  const columns = readColumnBodies(body).map((column) => ({
    attribute: readNewColumn(store.model, column),
    isPrimaryName: column.IsPrimaryName === true,
  }));
  const primary = columns.find(({ isPrimaryName }) => isPrimaryName)?.attribute;
  if (primary?.type !== 'String') {
    const message = 'Primary UI Attribute has to be of type String.';
    throw new DataverseError(400, '0x8004700e', message);
  }
  store.schema.addTable({
    logicalName,
    schemaName,
    set: readSetName(body),
    ...readRequiredLabels(body, schemaName),
    ...readProperties(body),
    ownership: readOwnership(body),
    primaryName: primary.logicalName,
    attributes: columns.map(({ attribute }) => attribute),
  });
  return noContentResponse(context, { 'OData-EntityId': tableUrl(context, logicalName) });
}

/** `PUT EntityDefinitions(…)`: changes labels, change tracking, notes and activities. Columns stay. */
export function updateTable(context: WebApiContext, table: TableModel): WebApiResponse {
  const body = readJsonBody(context, 'EntityDefinitions');
  const defined = Object.entries(readProperties(body)).filter(([, value]) => value !== undefined);
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

function readProperties(body: JsonBody): TableProperties {
  return {
    displayName: readLabel(body.DisplayName),
    displayCollectionName: readLabel(body.DisplayCollectionName),
    description: readLabel(body.Description),
    changeTracking: readFlag(body.ChangeTrackingEnabled),
    hasNotes: readFlag(body.HasNotes),
    hasActivities: readFlag(body.HasActivities),
  };
}

const readFlag = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined);

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
