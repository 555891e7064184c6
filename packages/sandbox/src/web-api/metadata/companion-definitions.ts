import { crmNamespace } from 'dynamics365-connector/odata';
import { type Companion, companionsOf } from '../../model/companions.ts';
import { attributeMetadataId } from '../../model/metadata-ids.ts';
import type { Attribute, TableModel } from '../../model/types.ts';
import { commonAttributeMembers } from './attribute-members.ts';
import { createManagedProperty, type MetadataDefinition, noLabel } from './metadata-definition.ts';

/**
 * The definitions of a column's companions, as in every organization. The Web API has no properties for them: rows show
 * the same values as annotations.
 */
export function buildCompanionDefinitions(table: TableModel, attribute: Attribute): MetadataDefinition[] {
  return companionsOf(table, attribute).map((companion) => buildCompanion(table, attribute, companion));
}

function buildCompanion(
  table: TableModel,
  attribute: Attribute,
  { logicalName, suffix, type, maxLength }: Companion,
): MetadataDefinition {
  return {
    ...(type === 'String' && { '@odata.type': `#${crmNamespace}StringAttributeMetadata` }),
    ...commonAttributeMembers({ ...attribute, type: 'String' }),
    MetadataId: attributeMetadataId(table, logicalName),
    LogicalName: logicalName,
    SchemaName:
      logicalName === `${attribute.logicalName}${suffix.toLowerCase()}`
        ? `${attribute.schemaName}${suffix}`
        : logicalName,
    EntityLogicalName: table.logicalName,
    AttributeOf: attribute.logicalName,
    AttributeType: type,
    AttributeTypeName: { Value: `${type}Type` },
    DisplayName: noLabel,
    Description: noLabel,
    RequiredLevel: createManagedProperty(
      attribute.type === 'State' ? 'None' : attribute.required,
      'canmodifyrequirementlevelsettings',
    ),
    IsPrimaryId: false,
    IsPrimaryName: false,
    IsValidForCreate: false,
    IsValidForUpdate: false,
    IsValidForRead: true,
    IsValidODataAttribute: false,
    IsCustomAttribute: false,
    IsLogical: true,
    IsManaged: true,
    ...(type === 'String' && {
      MaxLength: maxLength,
      Format: 'Text',
      FormatName: { Value: 'Text' },
      YomiOf: suffix === 'YomiName' ? `${attribute.logicalName}name` : null,
    }),
  };
}
