import { constantOf } from '../../constant.ts';
import { tableMetadataId } from '../../model/metadata-ids.ts';
import type { AlternateKey, Model, TableModel } from '../../model/types.ts';
import { entitySetName } from '../odata-names.ts';
import { commonEntityMembers } from './entity-members.ts';
import {
  createLabel,
  createManagedProperty,
  createMetadataId,
  createTranslatedLabel,
  type MetadataDefinition,
} from './metadata-definition.ts';
import { buildManyToManyOf, buildManyToOne, buildOneToManyOf } from './relationship-definitions.ts';
import { buildAttributeDefinitions } from './table-attributes.ts';

/** The parts of a table definition that are included only when expanded. */
export const entityParts = [
  'Attributes',
  'Keys',
  'ManyToOneRelationships',
  'OneToManyRelationships',
  'ManyToManyRelationships',
];

/** A table definition as in `EntityDefinitions`, with its parts. Built per request, because the model can change. */
export function buildEntityDefinition(model: Model, table: TableModel): MetadataDefinition {
  return {
    ...buildOwnMembers(table),
    HasNotes: table.hasNotes ?? hasLink(model, table, 'annotation'),
    HasActivities: table.hasActivities ?? hasLink(model, table, 'task'),
    IsActivityParty: isParty(model, table),
    // Built on access: most queries select other members.
    get Attributes() {
      return buildAttributeDefinitions(table);
    },
    get ManyToOneRelationships() {
      return buildManyToOne(model, table);
    },
    get OneToManyRelationships() {
      return buildOneToManyOf(model, table);
    },
    get ManyToManyRelationships() {
      return buildManyToManyOf(model, table);
    },
  };
}

/** The members that follow from the table alone. */
const buildOwnMembers = constantOf((table: TableModel): MetadataDefinition => {
  const { logicalName, schemaName } = table;
  return {
    ...commonEntityMembers(table),
    MetadataId: tableMetadataId(logicalName),
    LogicalName: logicalName,
    SchemaName: schemaName,
    EntitySetName: entitySetName(table),
    LogicalCollectionName: entitySetName(table),
    CollectionSchemaName: `${schemaName}s`,
    ObjectTypeCode: table.typeCode,
    PrimaryIdAttribute: table.primaryId,
    PrimaryNameAttribute: table.primaryName ?? null,
    OwnershipType: table.ownership,
    DisplayName: createTranslatedLabel(table, 'displayName', 'entity', logicalName),
    DisplayCollectionName: createTranslatedLabel(table, 'displayCollectionName', 'entities', logicalName),
    Description: createTranslatedLabel(table, 'description', 'description', logicalName),
    ChangeTrackingEnabled: table.changeTracking,
    IsOptimisticConcurrencyEnabled: true,
    IsActivity: table.base === 'activitypointer',
    IsCustomEntity: logicalName.includes('_'),
    IsIntersect: table.intersect ?? false,
    IsManaged: table.custom !== true,
    IsPrivate: false,
    IsLogicalEntity: table.view ?? false,
    IsValidForAdvancedFind: true,
    TableType: 'Standard',
    Keys: table.keys.map((key) => buildKeyDefinition(table, key)),
  };
});

/** Whether rows can be parties of an activity: its sender, recipients, attendees. */
function isParty(model: Model, { logicalName }: TableModel): boolean {
  const parties = model.table('activityparty');
  const party = parties && model.attribute(parties, 'partyid');
  return party?.targets?.some(({ table }) => table === logicalName) ?? false;
}

/** Whether rows of the other table can reference rows of this table through a standard lookup. */
const hasLink = (model: Model, { logicalName }: TableModel, other: string): boolean =>
  model.relationshipsFrom(other).some(({ referenced }) => referenced === logicalName);

function buildKeyDefinition(
  { logicalName: entity }: TableModel,
  { logicalName, schemaName, displayName, columns, failed }: AlternateKey,
): MetadataDefinition {
  return {
    MetadataId: createMetadataId('key', entity, logicalName),
    LogicalName: logicalName,
    SchemaName: schemaName ?? logicalName,
    EntityLogicalName: entity,
    KeyAttributes: columns,
    EntityKeyIndexStatus: failed ? 'Failed' : 'Active',
    DisplayName: createLabel(displayName ?? logicalName, 'key', entity, logicalName),
    IsSynchronous: false,
    IsExportKey: false,
    IsSecondaryKey: false,
    IsManaged: false,
    IsCustomizable: createManagedProperty(true, 'iscustomizable'),
    IntroducedVersion: '1.0.0.0',
  };
}
