import { crmNamespace } from 'dynamics365-connector/odata';
import { isLookup, isPolymorphic } from '../../model/attribute.ts';
import type { Attribute, TableModel } from '../../model/types.ts';
import { commonAttributeMembers } from './attribute-members.ts';
import { createManagedProperty, createMetadataId, type MetadataDefinition } from './metadata-definition.ts';

/** A read-only column that shows a part of another one: the label of a choice, the name or table of a lookup. */
interface Companion {
  /** Added to the names of the column: `customerid` -> `customeridname`. */
  readonly suffix: 'Name' | 'YomiName' | 'Type';
  readonly logicalName: string;
  readonly type: 'Virtual' | 'String' | 'EntityName';
  readonly maxLength?: number;
}

/** Companions with a name that does not follow from their column. */
const irregularNames: Readonly<Record<string, string>> = {
  donotsendmmname: 'donotsendmarketingmaterialname',
  slaidname: 'slaname',
  regardingobjectidtype: 'regardingobjecttypecode',
  objectidtype: 'objectidtypecode',
  emailsendertype: 'emailsenderobjecttypecode',
  sendersaccounttype: 'sendersaccountobjecttypecode',
  acceptingentityidtype: 'acceptingentitytypecode',
  partyidtype: 'partyobjecttypecode',
};

/** The tables whose rows have a phonetic name. */
const tablesWithYomiName: ReadonlySet<string> = new Set([
  ...['account', 'contact', 'lead', 'systemuser', 'principal', 'externalparty'],
]);

/**
 * The definitions of a column's companions, as in every organization. The Web API has no properties for them: rows show
 * the same values as annotations.
 */
export function buildCompanionDefinitions(table: TableModel, attribute: Attribute): MetadataDefinition[] {
  const names = new Set(table.attributes.map(({ logicalName }) => logicalName));
  return companionsOf(attribute)
    .map((companion) => ({ ...companion, logicalName: companionName(table, companion.logicalName) }))
    .filter(({ logicalName }) => !names.has(logicalName))
    .map((companion) => buildCompanion(table, attribute, companion));
}

function companionsOf(attribute: Attribute): readonly Companion[] {
  const { logicalName, type, targets = [] } = attribute;
  const name = { suffix: 'Name', logicalName: `${logicalName}name` } as const;
  if (['Picklist', 'MultiSelectPicklist', 'Boolean', 'State', 'Status'].includes(type)) {
    return [{ ...name, type: 'Virtual' }];
  }
  if (!isLookup(attribute) || /^owning(user|team)$/.test(logicalName)) return [];
  const maxLength = type === 'Customer' ? 160 : 100;
  const yomi = { ...name, suffix: 'YomiName', logicalName: `${logicalName}yominame` } as const;
  const hasYomi = targets.some((target) => tablesWithYomiName.has(target.table));
  return [
    { ...name, type: 'String', maxLength },
    ...(hasYomi ? [{ ...yomi, type: 'String', maxLength } as const] : []),
    ...(isPolymorphic(attribute)
      ? [{ suffix: 'Type', logicalName: `${logicalName}type`, type: 'EntityName' } as const]
      : []),
  ];
}

function companionName({ logicalName: table }: TableModel, regular: string): string {
  const irregular = irregularNames[regular];
  if (irregular) return irregular;
  return regular.replace(/^masterid(?=(yomi)?name$)/, `master${table}id`);
}

const noLabel = { LocalizedLabels: [], UserLocalizedLabel: null };

function buildCompanion(
  table: TableModel,
  attribute: Attribute,
  { logicalName, suffix, type, maxLength }: Companion,
): MetadataDefinition {
  return {
    '@odata.type': `#${crmNamespace}${type === 'Virtual' ? '' : type}AttributeMetadata`,
    ...commonAttributeMembers({ ...attribute, type: 'String' }),
    MetadataId: createMetadataId('attribute', table.logicalName, logicalName),
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
