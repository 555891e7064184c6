import type { TableModel } from '../../model/types.ts';
import { standardCreatedOn } from './attribute-members.ts';
import { createManagedProperty, createMetadataId, type MetadataDefinition } from './metadata-definition.ts';

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
    EntityColor: null,
    ...serviceMembers(table),
    ...storageMembers(table),
    ...iconMembers,
    ...managedProperties(table),
    Settings: [],
    Privileges: buildPrivileges(table),
  };
}

/** Features of the apps: the same for all standard tables but cases, which have service levels and knowledge. */
function serviceMembers({ logicalName, primaryName, attributes }: TableModel): MetadataDefinition {
  const has = (column: string) => attributes.some((each) => each.logicalName === column);
  return {
    IsDocumentManagementEnabled: false,
    IsOneNoteIntegrationEnabled: false,
    IsInteractionCentricEnabled: true,
    IsKnowledgeManagementEnabled: logicalName === 'incident',
    IsSLAEnabled: has('slaid'),
    IsBPFEntity: false,
    IsBusinessProcessEnabled: has('processid'),
    IsReadingPaneEnabled: true,
    IsQuickCreateEnabled: primaryName !== undefined,
    AutoCreateAccessTeams: false,
    HasFeedback: false,
    HasEmailAddresses: attributes.some((each) => each.format === 'Email'),
    IsStateModelAware: has('statecode'),
    EnforceStateTransitions: false,
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
    ClusterMode: 'Partitioned',
    DaysSinceRecordLastModified: 0,
    MobileOfflineFilters: null,
    SyncToExternalSearchIndex: false,
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

const iconMembers = { IconLargeName: null, IconMediumName: null, IconSmallName: null, IconVectorName: null };

function managedProperties({ ownership, base }: TableModel): MetadataDefinition {
  const owned = ownership === 'UserOwned';
  const values: Readonly<Record<string, readonly [value: boolean, name: string]>> = {
    IsAuditEnabled: [false, 'canmodifyauditsettings'],
    IsValidForQueue: [base === 'activitypointer', 'canmodifyqueuesettings'],
    IsConnectionsEnabled: [owned, 'canmodifyconnectionsettings'],
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
    IsVisibleInMobile: [false, 'canmodifymobilevisibility'],
    IsVisibleInMobileClient: [owned, 'canmodifymobileclientvisibility'],
    IsReadOnlyInMobileClient: [false, 'canmodifymobileclientreadonly'],
    IsOfflineInMobileClient: [false, 'canmodifymobileclientoffline'],
  };
  return Object.fromEntries(
    Object.entries(values).map(([member, [value, name]]) => [member, createManagedProperty(value, name)]),
  );
}

/** The privileges of a table, for example `prvReadAccount`. Only tables with owners have `Assign` and `Share`. */
function buildPrivileges({ logicalName, schemaName, ownership }: TableModel): readonly object[] {
  const owned = ownership === 'UserOwned';
  const types = [
    'Create',
    'Read',
    'Write',
    'Delete',
    'Append',
    'AppendTo',
    ...(owned ? ['Assign', 'Share'] : []),
  ];
  return types.map((type) => ({
    CanBeBasic: owned,
    CanBeDeep: owned,
    CanBeGlobal: true,
    CanBeLocal: owned,
    CanBeEntityReference: false,
    CanBeParentEntityReference: false,
    CanBeRecordFilter: false,
    Name: `prv${type}${schemaName}`,
    PrivilegeId: createMetadataId('privilege', type, logicalName),
    PrivilegeType: type,
  }));
}
