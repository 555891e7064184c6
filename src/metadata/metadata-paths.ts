// The requests that read metadata. Each reads a small part, so that no response grows with the organization.

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

/** Details of columns of one type: the metadata class -> its query. */
const columnDetails: Readonly<Record<string, string>> = {
  Picklist:
    '$select=LogicalName,DefaultFormValue&$expand=OptionSet($select=Options),GlobalOptionSet($select=Options)',
  MultiSelectPicklist:
    '$select=LogicalName&$expand=OptionSet($select=Options),GlobalOptionSet($select=Options)',
  State: '$select=LogicalName&$expand=OptionSet($select=Options)',
  Status: '$select=LogicalName,DefaultFormValue&$expand=OptionSet($select=Options)',
  Boolean: '$select=LogicalName,DefaultValue&$expand=OptionSet($select=TrueOption,FalseOption)',
  DateTime: '$select=LogicalName,DateTimeBehavior',
  String: '$select=LogicalName,MaxLength',
  Memo: '$select=LogicalName,MaxLength',
  Integer: '$select=LogicalName,MinValue,MaxValue',
  Decimal: '$select=LogicalName,MinValue,MaxValue,Precision',
  Double: '$select=LogicalName,MinValue,MaxValue,Precision',
  Money: '$select=LogicalName,MinValue,MaxValue,Precision',
};

/** The path of one small row, whose response has the version of the metadata as an annotation. */
export const versionPath = '/organizations?$select=organizationid';
/** The annotation with the version, requested by `Prefer: odata.include-annotations="*"`. */
export const versionAnnotation = '@Microsoft.Dynamics.CRM.globalmetadataversion';

/** The path of the XML document that describes all actions and functions. */
export const metadataDocumentPath = '/$metadata';

/** The path of the list of all tables. */
export const tableListPath =
  '/EntityDefinitions?$select=LogicalName,EntitySetName,DisplayName,DisplayCollectionName';

/** The paths of one table and of the details of its columns. */
export function tablePaths(logicalName: string): readonly [table: string, ...details: string[]] {
  const root = `/EntityDefinitions(LogicalName='${encodeURIComponent(logicalName)}')`;
  const cast = (kind: string) => `${root}/Attributes/Microsoft.Dynamics.CRM.${kind}AttributeMetadata`;
  return [
    `${root}?$select=${entity}&$expand=${expandedParts.join(',')}`,
    ...Object.entries(columnDetails).map(([kind, query]) => `${cast(kind)}?${query}`),
  ];
}
