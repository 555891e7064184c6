import type { MetadataDefinition } from './metadata-definition.ts';

/** The members of the base type, of tables and of columns, in the order of the Web API's types. */
const ordered = [
  ...['MetadataId', 'HasChanged'],
  ...[
    'ActivityTypeMask',
    'AutoRouteToOwnerQueue',
    'CanTriggerWorkflow',
    'EntityHelpUrlEnabled',
    'EntityHelpUrl',
  ],
  ...['IsDocumentManagementEnabled', 'IsOneNoteIntegrationEnabled', 'IsInteractionCentricEnabled'],
  ...['IsKnowledgeManagementEnabled', 'IsSLAEnabled', 'IsBPFEntity', 'IsDocumentRecommendationsEnabled'],
  ...['IsMSTeamsIntegrationEnabled', 'SettingOf', 'DataProviderId', 'DataSourceId', 'AutoCreateAccessTeams'],
  ...['IsActivity', 'IsActivityParty', 'IsRetrieveAuditEnabled', 'IsRetrieveMultipleAuditEnabled'],
  ...['IsArchivalEnabled', 'IsRetentionEnabled', 'IsAvailableOffline', 'IsChildEntity', 'IsAIRUpdated'],
  ...['IconLargeName', 'IconMediumName', 'IconSmallName', 'IconVectorName', 'IsCustomEntity'],
  ...['IsBusinessProcessEnabled', 'SyncToExternalSearchIndex', 'IsOptimisticConcurrencyEnabled'],
  ...['ChangeTrackingEnabled', 'IsImportable', 'IsIntersect', 'IsManaged', 'IsEnabledForCharts'],
  ...['IsEnabledForTrace', 'IsValidForAdvancedFind', 'DaysSinceRecordLastModified', 'MobileOfflineFilters'],
  ...['IsReadingPaneEnabled', 'IsQuickCreateEnabled'],
  ...['AttributeOf', 'AttributeType', 'ColumnNumber', 'DeprecatedVersion', 'EntityLogicalName'],
  ...['IsCustomAttribute', 'IsPrimaryId', 'IsValidODataAttribute', 'IsPrimaryName', 'IsValidForCreate'],
  ...['IsValidForRead', 'IsValidForUpdate', 'CanBeSecuredForRead', 'CanBeSecuredForCreate'],
  ...['CanBeSecuredForUpdate', 'IsSecured', 'IsRetrievable', 'IsFilterable', 'IsSearchable'],
  ...['LinkedAttributeId', 'LogicalName', 'ObjectTypeCode', 'OwnershipType', 'PrimaryNameAttribute'],
  ...['PrimaryImageAttribute', 'PrimaryIdAttribute', 'RecurrenceBaseEntityLogicalName', 'ReportViewName'],
  ...['SchemaName', 'IntroducedVersion', 'IsStateModelAware', 'EnforceStateTransitions', 'ExternalName'],
  ...['EntityColor', 'LogicalCollectionName', 'ExternalCollectionName', 'CollectionSchemaName'],
  ...['EntitySetName', 'IsEnabledForExternalChannels', 'IsPrivate', 'UsesBusinessDataLabelTable'],
  ...['IsLogicalEntity', 'HasNotes', 'HasActivities', 'HasFeedback', 'IsSolutionAware', 'CreatedOn'],
  ...['ModifiedOn', 'HasEmailAddresses', 'OwnerId', 'OwnerIdType', 'OwningBusinessUnit', 'TableType'],
];
const positions: ReadonlyMap<string, number> = new Map(ordered.map((name, index) => [name, index]));

/** Sorts members as the Web API writes them, whatever the order of `$select`: values first, then objects and lists. */
export function sortMembers(names: readonly string[], definition: MetadataDefinition): readonly string[] {
  const key = (name: string): number => {
    const value = definition[name];
    const isObject = typeof value === 'object' && value !== null;
    return isObject ? ordered.length + 1 : (positions.get(name) ?? ordered.length);
  };
  return names.toSorted((a, b) => key(a) - key(b) || objectOrder(a, b, definition));
}

/** `Description` and the display names come before the managed properties, which keep their order. */
function objectOrder(a: string, b: string, definition: MetadataDefinition): number {
  const isLabel = (name: string) => /^(?:Description|DisplayCollectionName|DisplayName)$/.test(name);
  if (typeof definition[a] !== 'object' || isLabel(a) !== isLabel(b))
    return Number(isLabel(b)) - Number(isLabel(a));
  return isLabel(a) ? (a < b ? -1 : 1) : 0;
}
