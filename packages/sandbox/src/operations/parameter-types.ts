import type { WebApiOperation } from './types.ts';

/** Parameter types by name. `Operation.parameter` overrides the type for one operation. */
const parameterTypes: Readonly<Record<string, string>> = {
  AccessType: 'mscrm.EndpointAccessType',
  AppModuleId: 'Edm.Guid',
  BlockData: 'Edm.Binary',
  BlockId: 'Edm.String',
  BlockLength: 'Edm.Int64',
  BlockList: 'Collection(Edm.String)',
  Caller: 'Edm.String',
  ClientVersionStamp: 'Edm.String',
  CreateAccount: 'Edm.Boolean',
  CreateContact: 'Edm.Boolean',
  CreateOpportunity: 'Edm.Boolean',
  DeletedMetadataFilters: 'mscrm.DeletedMetadataFilters',
  EntityMoniker: 'mscrm.crmbaseentity',
  EntityNames: 'Collection(Edm.String)',
  FileAttributeName: 'Edm.String',
  FileContinuationToken: 'Edm.String',
  FileId: 'Edm.Guid',
  FileName: 'Edm.String',
  IncidentResolution: 'mscrm.incidentresolution',
  IsDeleted: 'Edm.Boolean',
  IssueSend: 'Edm.Boolean',
  Members: 'Collection(mscrm.systemuser)',
  MimeType: 'Edm.String',
  Offset: 'Edm.Int64',
  OpportunityClose: 'mscrm.opportunityclose',
  OpportunityCurrencyId: 'mscrm.transactioncurrency',
  OpportunityCustomerId: 'mscrm.crmbaseentity',
  OriginalStartDate: 'Edm.DateTimeOffset',
  PerformParentingChecks: 'Edm.Boolean',
  PrincipalAccess: 'mscrm.PrincipalAccess',
  ProcessInstanceId: 'mscrm.crmbaseentity',
  Query: 'mscrm.EntityQueryExpression',
  QueueItem: 'mscrm.queueitem',
  QueueItemProperties: 'mscrm.queueitem',
  Regarding: 'mscrm.crmbaseentity',
  RemoveQueueItem: 'Edm.Boolean',
  Revokee: 'mscrm.principal',
  SourceCampaignId: 'mscrm.crmbaseentity',
  SourceQueue: 'mscrm.queue',
  Status: 'Edm.Int32',
  Subordinate: 'mscrm.crmbaseentity',
  SuppressDuplicateDetection: 'Edm.Boolean',
  SystemUser: 'mscrm.systemuser',
  Target: 'mscrm.crmbaseentity',
  'CreateException.Target': 'mscrm.appointment',
  'SendEmailFromTemplate.Target': 'mscrm.email',
  TargetEntityName: 'Edm.String',
  TargetFieldType: 'mscrm.TargetFieldType',
  Targets: 'Collection(mscrm.crmbaseentity)',
  TemplateId: 'Edm.Guid',
  TrackingToken: 'Edm.String',
  UpdateContent: 'mscrm.crmbaseentity',
  count: 'Edm.Boolean',
  entities: 'Edm.String',
  facets: 'Edm.String',
  filter: 'Edm.String',
  fuzzy: 'Edm.Boolean',
  options: 'Edm.String',
  orderby: 'Edm.String',
  propertybag: 'Edm.String',
  search: 'Edm.String',
  skip: 'Edm.Int32',
  top: 'Edm.Int32',
};

/** The CSDL type of a parameter. */
export function findParameterType({ name }: Pick<WebApiOperation, 'name'>, parameter: string): string {
  return parameterTypes[`${name}.${parameter}`] ?? parameterTypes[parameter] ?? 'Edm.Untyped';
}

/** CSDL of the types that are neither primitive nor entity types. */
export const csdlValueTypes: readonly string[] = [
  enumType('EndpointAccessType', { Default: 0, Internet: 1, Intranet: 2 }),
  enumType('TargetFieldType', { All: 0, ValidForCreate: 1, ValidForUpdate: 2, ValidForRead: 3 }),
  enumType(
    'DeletedMetadataFilters',
    { Default: 1, Entity: 1, Attribute: 2, Relationship: 4, Label: 8, OptionSet: 16, All: 31 },
    ' IsFlags="true"',
  ),
  '<ComplexType Name="EntityQueryExpression" OpenType="true" />',
  enumType(
    'AccessRights',
    {
      None: 0,
      ReadAccess: 1,
      WriteAccess: 2,
      AppendAccess: 4,
      AppendToAccess: 16,
      CreateAccess: 32,
      DeleteAccess: 65_536,
      ShareAccess: 262_144,
      AssignAccess: 524_288,
    },
    ' IsFlags="true"',
  ),
  '<ComplexType Name="PrincipalAccess"><Property Name="AccessMask" Type="mscrm.AccessRights" Nullable="false" /><NavigationProperty Name="Principal" Type="mscrm.principal" Nullable="false" /></ComplexType>',
];

function enumType(name: string, members: Readonly<Record<string, number>>, flags = ''): string {
  const lines = Object.entries(members).map(
    ([member, value]) => `<Member Name="${member}" Value="${value}" />`,
  );
  return `<EnumType Name="${name}"${flags}>${lines.join('')}</EnumType>`;
}
