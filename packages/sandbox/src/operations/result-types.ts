import type { WebApiOperation } from './types.ts';

type Properties = Readonly<Record<string, string>>;

/** The properties of results that are a complex type of their own, `<name>Response`. */
const responses: Readonly<Record<string, Properties>> = {
  WhoAmI: { BusinessUnitId: 'Edm.Guid', UserId: 'Edm.Guid', OrganizationId: 'Edm.Guid' },
  RetrieveVersion: { Version: 'Edm.String' },
  FormatAddress: { Address: 'Edm.String' },
  RetrieveTimestamp: { Timestamp: 'Edm.String' },
  RetrieveCurrentOrganization: { Detail: 'mscrm.OrganizationDetail' },
  RetrieveTotalRecordCount: { EntityRecordCountCollection: 'mscrm.EntityRecordCountCollection' },
  RetrievePrincipalAccess: { AccessRights: 'mscrm.AccessRights' },
  RetrieveSharedPrincipalsAndAccess: { PrincipalAccesses: 'Collection(mscrm.PrincipalAccess)' },
  ...Object.fromEntries(
    [
      ...['RetrieveUserPrivileges', 'RetrieveTeamPrivileges', 'RetrieveRolePrivilegesRole'],
      ...['RetrieveUserPrivilegeByPrivilegeName', 'RetrieveUserPrivilegeByPrivilegeId'],
      ...['RetrieveUserSetOfPrivilegesByNames', 'RetrieveUserSetOfPrivilegesByIds'],
      'RetrieveAadUserPrivileges',
    ].map((name) => [name, { RolePrivileges: 'Collection(mscrm.RolePrivilege)' }]),
  ),
  RetrievePrincipalAttributePrivileges: { AttributePrivileges: 'Collection(mscrm.AttributePrivilege)' },
  RetrieveAuditDetails: { AuditDetail: 'mscrm.AuditDetail' },
  RetrieveRecordChangeHistory: { AuditDetailCollection: 'mscrm.AuditDetailCollection' },
  RetrieveAttributeChangeHistory: { AuditDetailCollection: 'mscrm.AuditDetailCollection' },
  DeleteRecordChangeHistory: { DeletedEntriesCount: 'Edm.Int32' },
  IsValidStateTransition: { IsValid: 'Edm.Boolean' },
  RetrieveLocLabels: { Label: 'mscrm.Label' },
  LocalTimeFromUtcTime: { LocalTime: 'Edm.DateTimeOffset' },
  UtcTimeFromLocalTime: { UtcTime: 'Edm.DateTimeOffset' },
  GetTimeZoneCodeByLocalizedName: { TimeZoneCode: 'Edm.Int32' },
  RetrieveProvisionedLanguages: { RetrieveProvisionedLanguages: 'Collection(Edm.Int32)' },
  RetrieveAvailableLanguages: { LocaleIds: 'Collection(Edm.Int32)' },
  CalculateTotalTimeIncident: { TotalTime: 'Edm.Int64' },
  AddToQueue: { QueueItemId: 'Edm.Guid' },
  CreateException: { id: 'Edm.Guid' },
  SendEmail: { Subject: 'Edm.String' },
  BulkDelete: { JobId: 'Edm.Guid' },
  Restore: { id: 'Edm.Guid' },
  BulkDetectDuplicates: { JobId: 'Edm.Guid' },
  CreateMultiple: { Ids: 'Collection(Edm.Guid)' },
  InsertOptionValue: { NewOptionValue: 'Edm.Int32' },
  InsertStatusValue: { NewOptionValue: 'Edm.Int32' },
  CreatePolymorphicLookupAttribute: { RelationshipIds: 'Collection(Edm.Guid)', AttributeId: 'Edm.Guid' },
  CreateCustomerRelationships: { RelationshipIds: 'Collection(Edm.Guid)', AttributeId: 'Edm.Guid' },
  GetNextAutoNumberValue: { NextAutoNumberValue: 'Edm.Int64' },
  DownloadBlock: { Data: 'Edm.Binary' },
  InitializeFileBlocksUpload: { FileContinuationToken: 'Edm.String' },
  InitializeAnnotationBlocksUpload: { FileContinuationToken: 'Edm.String' },
  InitializeAttachmentBlocksUpload: { FileContinuationToken: 'Edm.String' },
  CommitFileBlocksUpload: { FileId: 'Edm.Guid', FileSizeInBytes: 'Edm.Int64' },
  CommitAnnotationBlocksUpload: { AnnotationId: 'Edm.Guid', FileSizeInBytes: 'Edm.Int32' },
  CommitAttachmentBlocksUpload: { ActivityMimeAttachmentId: 'Edm.Guid', FileSizeInBytes: 'Edm.Int32' },
  InitializeFileBlocksDownload: {
    FileContinuationToken: 'Edm.String',
    FileSizeInBytes: 'Edm.Int64',
    FileName: 'Edm.String',
    IsChunkingSupported: 'Edm.Boolean',
  },
  InitializeAnnotationBlocksDownload: {
    FileContinuationToken: 'Edm.String',
    FileSizeInBytes: 'Edm.Int32',
    FileName: 'Edm.String',
  },
  InitializeAttachmentBlocksDownload: {
    FileContinuationToken: 'Edm.String',
    FileSizeInBytes: 'Edm.Int32',
    FileName: 'Edm.String',
  },
  searchquery: { response: 'Edm.String' },
};

/** Results of other types. */
const otherTypes: Readonly<Record<string, string>> = {
  InitializeFrom: 'mscrm.crmbaseentity',
  CalculateRollupField: 'mscrm.crmbaseentity',
  GetAllTimeZonesWithDisplayName: 'Collection(mscrm.timezonedefinition)',
  QualifyLead: 'Collection(mscrm.crmbaseentity)',
  PublishDuplicateRule: 'Edm.String',
  RetrieveDuplicates: 'Collection(mscrm.crmbaseentity)',
  SendEmailFromTemplate: 'mscrm.email',
  RenewEntitlement: 'mscrm.entitlement',
  ReviseQuote: 'mscrm.quote',
  ConvertQuoteToSalesOrder: 'mscrm.salesorder',
  ConvertSalesOrderToInvoice: 'mscrm.invoice',
  GenerateQuoteFromOpportunity: 'mscrm.quote',
  GenerateSalesOrderFromOpportunity: 'mscrm.salesorder',
  GenerateInvoiceFromOpportunity: 'mscrm.invoice',
  CreateKnowledgeArticleVersion: 'mscrm.crmbaseentity',
  CreateKnowledgeArticleTranslation: 'mscrm.crmbaseentity',
  FullTextSearchKnowledgeArticle: 'Collection(mscrm.crmbaseentity)',
};

/** Complex types that are parts of results. */
const parts: Readonly<Record<string, Properties>> = {
  OrganizationDetail: {
    OrganizationId: 'Edm.Guid',
    FriendlyName: 'Edm.String',
    OrganizationVersion: 'Edm.String',
    EnvironmentId: 'Edm.String',
    DatacenterId: 'Edm.Guid',
    Geo: 'Edm.String',
    TenantId: 'Edm.String',
    UrlName: 'Edm.String',
    UniqueName: 'Edm.String',
    Endpoints: 'mscrm.EndpointCollection',
    State: 'Edm.String',
    SchemaType: 'Edm.String',
    OrganizationType: 'Edm.String',
  },
  AuditDetail: {},
  AuditDetailCollection: {
    AuditDetails: 'Collection(mscrm.AuditDetail)',
    MoreRecords: 'Edm.Boolean',
    PagingCookie: 'Edm.String',
    TotalRecordCount: 'Edm.Int32',
  },
  AttributePrivilege: {
    AttributeId: 'Edm.Guid',
    CanCreate: 'Edm.Int32',
    CanRead: 'Edm.Int32',
    CanUpdate: 'Edm.Int32',
    CanReadUnMasked: 'Edm.Int32',
  },
  EndpointCollection: collectionOf('Edm.String', 'Edm.String'),
  EntityRecordCountCollection: collectionOf('Edm.String', 'Edm.Int64'),
};

/** The CSDL type of an operation's result. A function always has one; an action without a known result has none. */
export function findResultType({ name, kind, types }: WebApiOperation): string | undefined {
  if (types) return types.result;
  if (otherTypes[name]) return otherTypes[name];
  return responses[name] || kind === 'function' ? `mscrm.${name}Response` : undefined;
}

/** CSDL of the complex types of results. Results of functions that are not listed above are open types. */
export function resultTypeElements(operations: readonly WebApiOperation[]): readonly string[] {
  const types = new Map(
    operations
      .filter((each) => findResultType(each) === `mscrm.${each.name}Response`)
      .map(({ name, types: own }) => [name, own?.properties ?? responses[name]] as const),
  );
  return [
    ...Object.entries(parts).map(([name, properties]) => complexType(name, properties)),
    ...[...types].map(([name, properties]) => complexType(`${name}Response`, properties)),
  ];
}

function complexType(name: string, properties: Properties | undefined): string {
  const open = properties ? '' : ' OpenType="true"';
  const elements = Object.entries(properties ?? {}).map(
    ([property, type]) => `<Property Name="${property}" Type="${type}" />`,
  );
  return `<ComplexType Name="${name}"${open}>${elements.join('')}</ComplexType>`;
}

function collectionOf(key: string, value: string): Properties {
  return {
    Count: 'Edm.Int32',
    IsReadOnly: 'Edm.Boolean',
    Keys: `Collection(${key})`,
    Values: `Collection(${value})`,
  };
}
