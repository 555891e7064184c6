/** What a table's definition is read with; every request is one slice, so that no answer grows with the organization. */

const entity =
  'LogicalName,EntitySetName,IsActivity,PrimaryIdAttribute,PrimaryNameAttribute,DisplayName,DisplayCollectionName';
const attributes =
  'LogicalName,AttributeType,AttributeTypeName,AttributeOf,DisplayName,RequiredLevel,IsValidForCreate,IsValidForUpdate,IsValidODataAttribute';

const expandedParts = [
  `Attributes($select=${attributes})`,
  'Keys($select=KeyAttributes)',
  'ManyToOneRelationships($select=ReferencingAttribute,ReferencedEntity,ReferencingEntityNavigationPropertyName)',
  'OneToManyRelationships($select=ReferencingEntity,ReferencedEntityNavigationPropertyName)',
  'ManyToManyRelationships($select=Entity1LogicalName,Entity1NavigationPropertyName,Entity2LogicalName,Entity2NavigationPropertyName)',
];

/** Details that only columns of one kind have: the class of its metadata -> what to read of it. */
const columnDetails: Readonly<Record<string, string>> = {
  Picklist: '$select=LogicalName&$expand=OptionSet($select=Options),GlobalOptionSet($select=Options)',
  MultiSelectPicklist:
    '$select=LogicalName&$expand=OptionSet($select=Options),GlobalOptionSet($select=Options)',
  State: '$select=LogicalName&$expand=OptionSet($select=Options)',
  Status: '$select=LogicalName&$expand=OptionSet($select=Options)',
  Boolean: '$select=LogicalName&$expand=OptionSet($select=TrueOption,FalseOption)',
  DateTime: '$select=LogicalName,DateTimeBehavior',
  String: '$select=LogicalName,MaxLength',
  Memo: '$select=LogicalName,MaxLength',
};

/** Below the Web API's base URL: one small row, whose answer carries the version of all metadata as an annotation. */
export const versionPath = '/organizations?$select=organizationid';
/** That annotation; asked for with `Prefer: odata.include-annotations="*"`. */
export const versionAnnotation = '@Microsoft.Dynamics.CRM.globalmetadataversion';

/** Below the Web API's base URL: the document (XML) that also tells of every action and function. */
export const metadataDocumentPath = '/$metadata';

/** Below the Web API's base URL: how every table is found. */
export const tableListPath =
  '/EntityDefinitions?$select=LogicalName,EntitySetName,DisplayName,DisplayCollectionName';

/** Below the Web API's base URL: one table, and the details of its columns. */
export function tablePaths(logicalName: string): readonly [table: string, ...details: string[]] {
  const root = `/EntityDefinitions(LogicalName='${encodeURIComponent(logicalName)}')`;
  const cast = (kind: string) => `${root}/Attributes/Microsoft.Dynamics.CRM.${kind}AttributeMetadata`;
  return [
    `${root}?$select=${entity}&$expand=${expandedParts.join(',')}`,
    ...Object.entries(columnDetails).map(([kind, query]) => `${cast(kind)}?${query}`),
  ];
}
