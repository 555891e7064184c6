import { tablePrivileges } from '../../model/privileges.ts';
import type { TableModel } from '../../model/types.ts';
import { standardCreatedOn } from './attribute-members.ts';
import { createManagedProperty, type MetadataDefinition } from './metadata-definition.ts';

/** The members of every table definition that follow from the kind of table. */
export function commonEntityMembers(table: TableModel): MetadataDefinition {
  const activity = table.base === 'activitypointer';
  return {
    HasChanged: null,
    ActivityTypeMask: activity ? 1 : 0,
    AutoRouteToOwnerQueue: false,
    CanTriggerWorkflow: true,
    EntityHelpUrlEnabled: false,
    EntityHelpUrl: null,
    EntityColor: colors[table.logicalName] ?? null,
    ...serviceMembers(table),
    ...storageMembers(table),
    ...iconMembers,
    ...managedProperties(table),
    Settings: [],
    Privileges: buildPrivileges(table),
  };
}

/** The colors that standard tables have in a new organization, as far as they are known. */
const colors: Readonly<Record<string, string>> = { contact: '#005088' };
/** The tables that the mobile app keeps offline: rows of the last ten days. */
const offlineTables: ReadonlySet<string> = new Set([
  ...['account', 'contact', 'incident', 'lead', 'opportunity'],
  ...['appointment', 'phonecall', 'task'],
]);
/** The tables that Dataverse search indexes in a new organization. */
const indexedTables: ReadonlySet<string> = new Set([
  ...['account', 'contact', 'incident', 'lead', 'opportunity', 'knowledgearticle'],
]);

/** Features of the apps: the same for all standard tables but cases, which have service levels and knowledge. */
function serviceMembers({
  logicalName,
  primaryName,
  attributes,
  enforceStateTransitions = false,
}: TableModel): MetadataDefinition {
  const has = (column: string) => attributes.some((each) => each.logicalName === column);
  return {
    IsDocumentManagementEnabled: false,
    IsOneNoteIntegrationEnabled: false,
    IsInteractionCentricEnabled: true,
    IsKnowledgeManagementEnabled: logicalName === 'incident',
    IsSLAEnabled: logicalName === 'incident',
    IsBPFEntity: false,
    IsDocumentRecommendationsEnabled: false,
    IsMSTeamsIntegrationEnabled: false,
    IsBusinessProcessEnabled: has('processid'),
    IsReadingPaneEnabled: true,
    IsQuickCreateEnabled: primaryName !== undefined,
    AutoCreateAccessTeams: false,
    HasFeedback: logicalName === 'contact' || logicalName === 'knowledgearticle',
    HasEmailAddresses: attributes.some((each) => each.format === 'Email'),
    IsStateModelAware: has('statecode'),
    EnforceStateTransitions: enforceStateTransitions,
    IsEnabledForExternalChannels: has('statecode'),
    UsesBusinessDataLabelTable: false,
  };
}

function storageMembers({ logicalName, schemaName, attributes, ownership }: TableModel): MetadataDefinition {
  const image = attributes.find((each) => each.logicalName === 'entityimage')?.logicalName ?? null;
  return {
    PrimaryImageAttribute: image,
    RecurrenceBaseEntityLogicalName: logicalName === 'recurringappointmentmaster' ? 'appointment' : null,
    ReportViewName: `Filtered${schemaName}`,
    IntroducedVersion: '5.0.0.0',
    CreatedOn: standardCreatedOn,
    ModifiedOn: standardCreatedOn,
    ExternalName: null,
    ExternalCollectionName: null,
    DataProviderId: null,
    DataSourceId: null,
    SettingOf: null,
    OwnerId: null,
    OwnerIdType: ownership === 'UserOwned' ? 8 : null,
    OwningBusinessUnit: null,
    DaysSinceRecordLastModified: offlineTables.has(logicalName) ? 10 : 0,
    MobileOfflineFilters: offlineTables.has(logicalName) ? offlineFilter(logicalName) : null,
    SyncToExternalSearchIndex: indexedTables.has(logicalName),
    IsAvailableOffline: true,
    IsChildEntity: false,
    IsAIRUpdated: true,
    IsArchivalEnabled: false,
    IsRetentionEnabled: false,
    IsSolutionAware: attributes.some((each) => each.logicalName === 'componentstate'),
    IsImportable: true,
    IsEnabledForCharts: true,
    IsEnabledForTrace: false,
    IsRetrieveAuditEnabled: false,
    IsRetrieveMultipleAuditEnabled: false,
  };
}

/** FetchXML, indented as in the definitions of the platform. */
const offlineFilter = (table: string): string =>
  [
    '',
    '<fetch version="1.0" output-format="xml-platform" mapping="logical" distinct="false">',
    `\t<entity name="${table}">`,
    '\t\t<filter type="and">',
    '\t\t\t<condition attribute="modifiedon" operator="last-x-days" value="10"/>',
    '\t\t</filter>',
    '\t</entity>',
    '</fetch>',
    '',
  ].join('\n\t\t');

const iconMembers = { IconLargeName: null, IconMediumName: null, IconSmallName: null, IconVectorName: null };

/** Settings of the table itself, which the publisher of a standard table keeps as they are. */
const fixedSettings: ReadonlySet<string> = new Set([
  ...['IsCustomizable', 'IsRenameable', 'IsMappable'],
  ...['CanCreateAttributes', 'CanCreateForms', 'CanCreateViews', 'CanCreateCharts'],
  ...['CanBeRelatedEntityInRelationship', 'CanBePrimaryEntityInRelationship'],
  ...['CanBeInManyToMany', 'CanBeInCustomEntityAssociation'],
]);

function managedProperties({
  logicalName,
  ownership,
  base,
  custom,
  audited,
}: TableModel): MetadataDefinition {
  const owned = ownership === 'UserOwned';
  const values: Readonly<Record<string, readonly [value: boolean, name: string]>> = {
    IsAuditEnabled: [audited ?? false, 'canmodifyauditsettings'],
    IsValidForQueue: [base === 'activitypointer', 'canmodifyqueuesettings'],
    IsConnectionsEnabled: [owned, 'canmodifyconnectionsettings'],
    IsCustomizable: [true, 'iscustomizable'],
    CanChangeTrackingBeEnabled: [true, 'canchangetrackingbeenabled'],
    CanCreateAttributes: [true, 'cancreateattributes'],
    IsRenameable: [true, 'isrenameable'],
    IsMappable: [true, 'ismappable'],
    IsDuplicateDetectionEnabled: [owned, 'canmodifyduplicatedetectionsettings'],
    CanCreateForms: [true, 'cancreateforms'],
    CanCreateViews: [true, 'cancreateviews'],
    CanCreateCharts: [true, 'cancreatecharts'],
    CanBeRelatedEntityInRelationship: [true, 'canberelatedentityinrelationship'],
    CanBePrimaryEntityInRelationship: [true, 'canbeprimaryentityinrelationship'],
    CanBeInManyToMany: [true, 'canbeinmanytomany'],
    CanBeInCustomEntityAssociation: [true, 'canbeincustomentityassociation'],
    CanEnableSyncToExternalSearchIndex: [true, 'canenablesynctoexternalsearchindex'],
    CanModifyAdditionalSettings: [true, 'canmodifyadditionalsettings'],
    CanChangeHierarchicalRelationship: [true, 'canchangehierarchicalrelationship'],
    IsMailMergeEnabled: [owned, 'canmodifymailmergesettings'],
    IsVisibleInMobile: [owned, 'canmodifymobilevisibility'],
    IsVisibleInMobileClient: [owned, 'canmodifymobileclientvisibility'],
    IsReadOnlyInMobileClient: [false, 'canmodifymobileclientreadonly'],
    IsOfflineInMobileClient: [offlineTables.has(logicalName), 'canmodifymobileclientoffline'],
  };
  return Object.fromEntries(
    Object.entries(values).map(([member, [value, name]]) => [
      member,
      createManagedProperty(value, name, custom === true || !fixedSettings.has(member)),
    ]),
  );
}

/** The privileges of a table, for example `prvReadAccount`. */
function buildPrivileges(table: TableModel): readonly object[] {
  return tablePrivileges(table).map(({ name, id, verb, depths }) => ({
    CanBeBasic: depths.includes('Basic'),
    CanBeDeep: depths.includes('Deep'),
    CanBeGlobal: depths.includes('Global'),
    CanBeLocal: depths.includes('Local'),
    CanBeEntityReference: false,
    CanBeParentEntityReference: false,
    CanBeRecordFilter: false,
    Name: name,
    PrivilegeId: id,
    PrivilegeType: verb,
  }));
}
