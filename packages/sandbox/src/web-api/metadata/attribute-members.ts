import { edmType, isLookup, isSecurable } from '../../model/attribute.ts';
import type { Attribute } from '../../model/types.ts';
import { createManagedProperty, type MetadataDefinition } from './metadata-definition.ts';

/** When the definitions of standard tables were created, in every organization. */
export const standardCreatedOn = '1900-01-01T00:00:00Z';

/** The members of every column definition that depend on little else than whether the column can be written. */
export function commonAttributeMembers(attribute: Attribute): MetadataDefinition {
  const { type, validForCreate, validForUpdate } = attribute;
  const written = validForCreate || validForUpdate;
  const securable = isSecurable(attribute);
  const searchable = type !== 'BigInt' && type !== 'File' && type !== 'EntityName';
  return {
    HasChanged: null,
    LinkedAttributeId: null,
    ExternalName: null,
    InheritsFrom: null,
    DeprecatedVersion: null,
    IntroducedVersion: '5.0.0.0',
    CreatedOn: standardCreatedOn,
    ModifiedOn: standardCreatedOn,
    SourceType: sourceTypeOf(attribute),
    AutoNumberFormat: type === 'String' ? '' : null,
    CanBeSecuredForCreate: securable && validForCreate,
    CanBeSecuredForRead: securable,
    CanBeSecuredForUpdate: securable && validForUpdate,
    IsSecured: attribute.secured ?? false,
    IsDataSourceSecret: false,
    IsFilterable: false,
    IsRetrievable: true,
    IsSearchable: false,
    IsValidForForm: written,
    IsValidForGrid: searchable,
    IsRequiredForForm: false,
    IsAuditEnabled: createManagedProperty(attribute.audited ?? written, 'canmodifyauditsettings'),
    IsGlobalFilterEnabled: createManagedProperty(false, 'canmodifyglobalfiltersettings'),
    IsSortableEnabled: createManagedProperty(false, 'canmodifyissortablesettings'),
    IsCustomizable: createManagedProperty(true, 'iscustomizable'),
    IsRenameable: createManagedProperty(true, 'isrenameable'),
    IsValidForAdvancedFind: createManagedProperty(searchable, 'canmodifysearchsettings'),
    CanModifyAdditionalSettings: createManagedProperty(true, 'canmodifyadditionalsettings'),
  };
}

/** 0 of simple, 1 of calculated and 2 of rollup columns; columns of other types have no source type. */
function sourceTypeOf({ type, source }: Attribute): 0 | 1 | 2 | null {
  const sourced = ['String', 'Integer', 'Decimal', 'Money', 'Boolean', 'DateTime', 'Picklist', 'Double'];
  if (!sourced.includes(type)) return null;
  return source === undefined ? 0 : source === 'calculated' ? 1 : 2;
}

/** The members of one type that do not depend on the table. */
export function typeMembers(attribute: Attribute): MetadataDefinition {
  const { type, format, logicalName } = attribute;
  const formula = { FormulaDefinition: '', SourceTypeMask: 0 };
  if (isLookup(attribute) || type === 'PartyList') return { Format: 'None' };
  switch (type) {
    case 'String':
      return {
        ...{ Format: format ?? 'Text', FormatName: { Value: format ?? 'Text' }, ImeMode: 'Auto' },
        ...{
          YomiOf: null,
          IsLocalizable: false,
          DatabaseLength: 2 * (attribute.maxLength ?? 100),
          ...formula,
        },
      };
    case 'Memo':
      return {
        ...{ Format: format ?? 'TextArea', FormatName: { Value: format ?? 'TextArea' } },
        ...{ ImeMode: 'Auto', IsLocalizable: false },
      };
    case 'Integer':
      return { Format: format ?? 'None', ...formula };
    case 'BigInt':
      return { MinValue: '-9223372036854775808', MaxValue: '9223372036854775807' };
    case 'Decimal':
    case 'Double':
      return { ImeMode: 'Disabled', ...(type === 'Decimal' && formula) };
    case 'Money':
      return { ...moneyMembers(logicalName), ...formula };
    case 'Boolean':
      return { DefaultValue: attribute.default === true, ...formula };
    case 'DateTime':
      return dateTimeMembers(attribute);
    case 'Picklist':
    case 'MultiSelectPicklist':
      return { ParentPicklistLogicalName: null, ChildPicklistLogicalNames: [], ...formula };
    default:
      return {};
  }
}

function moneyMembers(logicalName: string): MetadataDefinition {
  const isBase = logicalName.endsWith('_base');
  return {
    ImeMode: 'Disabled',
    PrecisionSource: 2,
    IsBaseCurrency: isBase,
    CalculationOf: isBase ? logicalName.replace(/_base$/, '') : null,
  };
}

function dateTimeMembers(attribute: Attribute): MetadataDefinition {
  const isDay = edmType(attribute) === 'Edm.Date';
  return {
    Format: attribute.format ?? (isDay ? 'DateOnly' : 'DateAndTime'),
    DateTimeBehavior: { Value: isDay ? 'DateOnly' : (attribute.dateTimeBehavior ?? 'UserLocal') },
    CanChangeDateTimeBehavior: createManagedProperty(isDay, 'canchangedatetimebehavior'),
    ImeMode: 'Inactive',
    MinSupportedValue: '1753-01-01T00:00:00Z',
    MaxSupportedValue: '9999-12-30T23:59:59Z',
    FormulaDefinition: '',
    SourceTypeMask: 0,
  };
}
