import type { AlternateKey, Model, TableModel } from '../../model/types.ts';
import { setOf } from '../wire.ts';
import { attributeDefinition } from './attribute.ts';
import { type Definition, label, managed, metadataId } from './identity.ts';
import { relationshipsOf } from './relationship.ts';

/** Parts of a table's definition that are shown only when expanded. */
export const entityParts = [
  'Attributes',
  'Keys',
  'ManyToOneRelationships',
  'OneToManyRelationships',
  'ManyToManyRelationships',
];

/** A table as `EntityDefinitions` shows it, parts included. Made when it is asked for: the model can grow. */
export function entityDefinition(model: Model, table: TableModel): Definition {
  const { logicalName, schemaName } = table;
  const activity = table.base === 'activitypointer';
  return {
    MetadataId: metadataId('entity', logicalName),
    LogicalName: logicalName,
    SchemaName: schemaName,
    EntitySetName: setOf(table),
    LogicalCollectionName: setOf(table),
    CollectionSchemaName: `${schemaName}s`,
    ObjectTypeCode: table.typeCode,
    PrimaryIdAttribute: table.primaryId,
    PrimaryNameAttribute: table.primaryName ?? null,
    OwnershipType: table.ownership,
    DisplayName: label(table.displayName, 'entity', logicalName),
    DisplayCollectionName: label(table.displayCollectionName, 'entities', logicalName),
    Description: label('', 'description', logicalName),
    ChangeTrackingEnabled: table.changeTracking,
    CanChangeTrackingBeEnabled: managed(true, 'canchangetrackingbeenabled'),
    CanCreateAttributes: managed(true, 'cancreateattributes'),
    IsCustomizable: managed(true, 'iscustomizable'),
    IsOptimisticConcurrencyEnabled: true,
    IsActivity: activity,
    IsActivityParty: activity,
    IsCustomEntity: logicalName.includes('_'),
    IsIntersect: false,
    IsManaged: true,
    IsPrivate: false,
    IsLogicalEntity: table.view ?? false,
    IsValidForAdvancedFind: true,
    TableType: 'Standard',
    Attributes: table.attributes.map((attribute) => attributeDefinition(table, attribute)),
    Keys: table.keys.map((key) => keyDefinition(table, key)),
    ...relationshipsOf(model, table),
  };
}

function keyDefinition(
  { logicalName: entity }: TableModel,
  { logicalName, columns }: AlternateKey,
): Definition {
  return {
    MetadataId: metadataId('key', entity, logicalName),
    LogicalName: logicalName,
    SchemaName: logicalName,
    EntityLogicalName: entity,
    KeyAttributes: columns,
    EntityKeyIndexStatus: 'Active',
    DisplayName: label(logicalName, 'key', entity, logicalName),
    IsManaged: false,
  };
}
