import type { AlternateKey, Model, TableModel } from '../../model/types.ts';
import { entitySetName } from '../odata-names.ts';
import { commonEntityMembers } from './entity-members.ts';
import {
  createLabel,
  createManagedProperty,
  createMetadataId,
  type MetadataDefinition,
} from './metadata-definition.ts';
import { buildTableRelationships } from './relationship-definitions.ts';
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
  const { logicalName, schemaName } = table;
  const activity = table.base === 'activitypointer';
  return {
    ...commonEntityMembers(table),
    MetadataId: createMetadataId('entity', logicalName),
    LogicalName: logicalName,
    SchemaName: schemaName,
    EntitySetName: entitySetName(table),
    LogicalCollectionName: entitySetName(table),
    CollectionSchemaName: `${schemaName}s`,
    ObjectTypeCode: table.typeCode,
    PrimaryIdAttribute: table.primaryId,
    PrimaryNameAttribute: table.primaryName ?? null,
    OwnershipType: table.ownership,
    DisplayName: createLabel(table.displayName, 'entity', logicalName),
    DisplayCollectionName: createLabel(table.displayCollectionName, 'entities', logicalName),
    Description: createLabel(table.description ?? '', 'description', logicalName),
    ChangeTrackingEnabled: table.changeTracking,
    CanChangeTrackingBeEnabled: createManagedProperty(true, 'canchangetrackingbeenabled'),
    CanCreateAttributes: createManagedProperty(true, 'cancreateattributes'),
    IsCustomizable: createManagedProperty(true, 'iscustomizable'),
    IsOptimisticConcurrencyEnabled: true,
    HasNotes: table.hasNotes ?? hasLink(model, table, 'annotation'),
    HasActivities: table.hasActivities ?? hasLink(model, table, 'task'),
    IsActivity: activity,
    IsActivityParty: activity,
    IsCustomEntity: logicalName.includes('_'),
    IsIntersect: false,
    IsManaged: table.custom !== true,
    IsPrivate: false,
    IsLogicalEntity: table.view ?? false,
    IsValidForAdvancedFind: true,
    TableType: 'Standard',
    // Built on access: most queries select other members.
    get Attributes() {
      return buildAttributeDefinitions(table);
    },
    Keys: table.keys.map((key) => buildKeyDefinition(table, key)),
    ...buildTableRelationships(model, table),
  };
}

/** Whether rows of the other table can reference rows of this table through a standard lookup. */
const hasLink = (model: Model, { logicalName }: TableModel, other: string): boolean =>
  model.oneToMany.some(({ referenced, referencing }) => referenced === logicalName && referencing === other);

function buildKeyDefinition(
  { logicalName: entity }: TableModel,
  { logicalName, schemaName, displayName, columns }: AlternateKey,
): MetadataDefinition {
  return {
    MetadataId: createMetadataId('key', entity, logicalName),
    LogicalName: logicalName,
    SchemaName: schemaName ?? logicalName,
    EntityLogicalName: entity,
    KeyAttributes: columns,
    EntityKeyIndexStatus: 'Active',
    DisplayName: createLabel(displayName ?? logicalName, 'key', entity, logicalName),
    IsSynchronous: false,
    IsExportKey: false,
    IsSecondaryKey: false,
    IsManaged: false,
    IsCustomizable: createManagedProperty(true, 'iscustomizable'),
    IntroducedVersion: '1.0.0.0',
  };
}
