import { crmNamespace, principalTables } from 'dynamics365-connector/odata';
import { isImage } from '../../model/attribute.ts';
import { attributeMetadataId } from '../../model/metadata-ids.ts';
import type { Attribute, AttributeType, TableModel } from '../../model/types.ts';
import {
  createManagedProperty,
  createTranslatedLabel,
  type MetadataDefinition,
} from './metadata-definition.ts';
import { buildOptionSet } from './option-set-definition.ts';

/** The parts of a column definition that are included only when expanded. */
export const attributeParts = ['OptionSet', 'GlobalOptionSet'];

/** The metadata class of each column type, without `AttributeMetadata`. */
const classNames: Readonly<Record<AttributeType, string>> = {
  Uniqueidentifier: 'UniqueIdentifier',
  String: 'String',
  Memo: 'Memo',
  Integer: 'Integer',
  BigInt: 'BigInt',
  Decimal: 'Decimal',
  Double: 'Double',
  Money: 'Money',
  Boolean: 'Boolean',
  DateTime: 'DateTime',
  Picklist: 'Picklist',
  MultiSelectPicklist: 'MultiSelectPicklist',
  State: 'State',
  Status: 'Status',
  Lookup: 'Lookup',
  Customer: 'Lookup',
  Owner: 'Lookup',
  EntityName: 'EntityName',
  File: 'File',
  ManagedProperty: 'ManagedProperty',
  PartyList: 'Lookup',
};

/** A column definition as in `EntityDefinitions(…)/Attributes`. */
export function buildAttributeDefinition(table: TableModel, attribute: Attribute): MetadataDefinition {
  const { logicalName, type } = attribute;
  const virtual = type === 'MultiSelectPicklist' || type === 'File';
  return {
    ...(hasPlainClass(attribute) ? {} : { '@odata.type': `#${crmNamespace}${attributeClass(attribute)}` }),
    MetadataId: attributeMetadataId(table, logicalName),
    LogicalName: logicalName,
    SchemaName: attribute.schemaName,
    EntityLogicalName: table.logicalName,
    AttributeOf: null,
    AttributeType: virtual ? 'Virtual' : type,
    AttributeTypeName: { Value: `${isImage(attribute) ? 'Image' : type}Type` },
    DisplayName: createTranslatedLabel(attribute, 'displayName', table.logicalName, logicalName),
    Description: createTranslatedLabel(
      attribute,
      'description',
      'description',
      table.logicalName,
      logicalName,
    ),
    RequiredLevel: createManagedProperty(attribute.required, 'canmodifyrequirementlevelsettings'),
    IsPrimaryId: logicalName === table.primaryId,
    IsPrimaryName: logicalName === table.primaryName,
    IsValidForCreate: attribute.validForCreate,
    IsValidForUpdate: attribute.validForUpdate,
    IsValidForRead: attribute.validForRead !== false,
    IsValidODataAttribute: true,
    IsCustomAttribute:
      attribute.custom === true || (logicalName.includes('_') && !logicalName.startsWith('address')),
    IsLogical: false,
    IsManaged: attribute.custom !== true,
    ...typeDetails(table, attribute),
  };
}

/** Whether a definition is of the common class, which definitions do not name. */
const hasPlainClass = ({ type }: Attribute): boolean => type === 'Uniqueidentifier' || type === 'EntityName';

/** `PicklistAttributeMetadata` */
function attributeClass(attribute: Attribute): string {
  return `${isImage(attribute) ? 'Image' : classNames[attribute.type]}AttributeMetadata`;
}

function typeDetails(table: TableModel, attribute: Attribute): MetadataDefinition {
  switch (attribute.type) {
    case 'String':
    case 'Memo':
      return {
        MaxLength: attribute.maxLength ?? 4000,
        ...textFormat(attribute),
      };
    case 'Integer':
      return { ...numberRange(attribute), Format: attribute.format ?? 'None' };
    case 'File':
      return { MaxSizeInKB: attribute.maxSizeInKB ?? (isImage(attribute) ? 10 * 1024 : 32 * 1024) };
    case 'Decimal':
    case 'Double':
    case 'Money':
      return { ...numberRange(attribute), Precision: attribute.precision ?? 2 };
    case 'DateTime':
      return {
        Format: attribute.format ?? (attribute.dateOnly ? 'DateOnly' : 'DateAndTime'),
        DateTimeBehavior: {
          Value: attribute.dateOnly ? 'DateOnly' : (attribute.dateTimeBehavior ?? 'UserLocal'),
        },
      };
    case 'Lookup':
    case 'Customer':
    case 'Owner':
    case 'PartyList':
      return { Targets: targetTables(attribute) };
    case 'State':
      return {
        DefaultFormValue: attribute.default ?? attribute.options?.[0]?.value ?? null,
        ...optionSets(table, attribute),
      };
    case 'Picklist':
    case 'MultiSelectPicklist':
    case 'Status':
    case 'Boolean':
      return { DefaultFormValue: defaultFormValue(attribute), ...optionSets(table, attribute) };
    default:
      return {};
  }
}

function textFormat({ type, format, autoNumberFormat }: Attribute): MetadataDefinition {
  const name = format ?? (type === 'Memo' ? 'TextArea' : 'Text');
  const common = { Format: name, FormatName: { Value: name } };
  return type === 'Memo' ? common : { ...common, AutoNumberFormat: autoNumberFormat ?? '' };
}

function numberRange({ min, max }: Attribute): MetadataDefinition {
  return { MinValue: min ?? null, MaxValue: max ?? null };
}

function optionSets(table: TableModel, attribute: Attribute): MetadataDefinition {
  const optionSet = buildOptionSet(table, attribute);
  return { OptionSet: optionSet, GlobalOptionSet: attribute.globalChoice === undefined ? null : optionSet };
}

function targetTables({ targets = [] }: Attribute): readonly string[] {
  return [...new Set(targets.flatMap(({ table }) => (table === 'principal' ? principalTables : [table])))];
}

function defaultFormValue(attribute: Attribute): number {
  return typeof attribute.default === 'boolean' ? Number(attribute.default) : Number(attribute.default ?? -1);
}
