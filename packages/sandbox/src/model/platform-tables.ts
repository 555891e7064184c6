import type { Attribute, AttributeType, TableModel } from './types.ts';

/** A column: its type, with a choice's options or a text's length. */
type ShortColumn = AttributeType | Partial<Attribute>;

interface PlatformTable {
  readonly code: number;
  readonly schema: string;
  readonly set: string;
  readonly display: string;
  readonly plural: string;
  readonly primaryId?: string;
  readonly primaryName?: string;
  readonly ownership: TableModel['ownership'];
  readonly columns: Readonly<Record<string, ShortColumn>>;
}

const text = (maxLength: number): Partial<Attribute> => ({ type: 'String', maxLength });
const memo: Partial<Attribute> = { type: 'Memo', maxLength: 1_048_576 };
const choice = (options: Readonly<Record<number, string>>, type: AttributeType = 'Picklist') => ({
  type,
  options: Object.entries(options).map(([value, label]) => ({ value: Number(value), label })),
});
/** Status reasons: value, label, state. */
const reasons = (...options: readonly (readonly [number, string, number])[]): Partial<Attribute> => ({
  type: 'Status',
  options: options.map(([value, label, state]) => ({ value, label, state })),
});
const lookup = (table: string, navigation: string): Partial<Attribute> => ({
  type: 'Lookup',
  targets: [{ table, navigation }],
});
/** Members of columns that every table has alike. */
const fixedMembers: Readonly<Record<string, Partial<Attribute>>> = {
  statecode: { required: 'SystemRequired' },
  statuscode: { required: 'SystemRequired' },
  startedon: { validForCreate: false, validForUpdate: false },
  completedon: { validForCreate: false, validForUpdate: false },
};

/** Background jobs go from state 0 to state 3. */
const jobState = {
  statecode: choice({ 0: 'Ready', 1: 'Suspended', 2: 'Locked', 3: 'Completed' }, 'State'),
  statuscode: reasons(
    [0, 'Waiting For Resources', 0],
    [10, 'Waiting', 1],
    [20, 'In Progress', 2],
    [21, 'Pausing', 2],
    [22, 'Canceling', 2],
    [30, 'Succeeded', 3],
    [31, 'Failed', 3],
    [32, 'Canceled', 3],
  ),
};
const activeState = {
  statecode: choice({ 0: 'Active', 1: 'Inactive' }, 'State'),
  statuscode: reasons([1, 'Active', 0], [2, 'Inactive', 1]),
};

const described: Readonly<Record<string, PlatformTable>> = {
  asyncoperation: {
    ...{ code: 4700, schema: 'AsyncOperation', set: 'asyncoperations' },
    ...{ display: 'System Job', plural: 'System Jobs', primaryName: 'name', ownership: 'UserOwned' },
    columns: {
      name: text(400),
      operationtype: choice({ 1: 'System Event', 10: 'Workflow', 13: 'Bulk Delete' }),
      messagename: text(160),
      message: memo,
      friendlymessage: memo,
      errorcode: 'Integer',
      depth: 'Integer',
      retrycount: 'Integer',
      primaryentitytype: 'EntityName',
      correlationid: 'Uniqueidentifier',
      requestid: 'Uniqueidentifier',
      postponeuntil: 'DateTime',
      startedon: 'DateTime',
      completedon: 'DateTime',
      recurrencestarttime: 'DateTime',
      recurrencepattern: text(256),
      data: memo,
      ...jobState,
    },
  },
  bulkdeleteoperation: {
    ...{ code: 4424, schema: 'BulkDeleteOperation', set: 'bulkdeleteoperations' },
    ...{ display: 'Bulk Delete Operation', plural: 'Bulk Delete Operations' },
    ...{ primaryName: 'name', ownership: 'UserOwned' },
    columns: {
      name: text(160),
      successcount: 'Integer',
      failurecount: 'Integer',
      isrecurring: 'Boolean',
      nextrun: 'DateTime',
      orderedquerysetxml: memo,
      asyncoperationid: lookup('asyncoperation', 'asyncoperationid'),
      ...jobState,
    },
  },
  usersettings: {
    ...{ code: 150, schema: 'UserSettings', set: 'usersettingscollection', primaryId: 'systemuserid' },
    ...{ display: 'User Settings', plural: 'User Settings', ownership: 'BusinessOwned' },
    columns: {
      businessunitid: 'Uniqueidentifier',
      uilanguageid: 'Integer',
      helplanguageid: 'Integer',
      localeid: 'Integer',
      timezonecode: 'Integer',
      timezonebias: 'Integer',
      dateformatcode: 'Integer',
      dateformatstring: text(255),
      dateseparator: text(5),
      timeformatcode: 'Integer',
      timeformatstring: text(255),
      timeseparator: text(5),
      currencysymbol: text(13),
      currencydecimalprecision: 'Integer',
      decimalsymbol: text(5),
      numberseparator: text(5),
      paginglimit: 'Integer',
      workdaystarttime: text(5),
      workdaystoptime: text(5),
      transactioncurrencyid: lookup('transactioncurrency', 'transactioncurrencyid'),
    },
  },
  workflow: {
    ...{ code: 4703, schema: 'Workflow', set: 'workflows', display: 'Process', plural: 'Processes' },
    ...{ primaryName: 'name', ownership: 'UserOwned' },
    columns: {
      name: text(100),
      uniquename: text(128),
      description: memo,
      category: choice({ 0: 'Workflow', 2: 'Business Rule', 3: 'Action', 5: 'Modern Flow' }),
      type: choice({ 1: 'Definition', 2: 'Activation', 3: 'Template' }),
      primaryentity: 'EntityName',
      mode: choice({ 0: 'Background', 1: 'Real-time' }),
      triggeroncreate: 'Boolean',
      triggerondelete: 'Boolean',
      triggeronupdateattributelist: memo,
      clientdata: memo,
      ismanaged: 'Boolean',
      statecode: choice({ 0: 'Draft', 1: 'Activated', 2: 'Suspended' }, 'State'),
      statuscode: reasons([1, 'Draft', 0], [2, 'Activated', 1], [3, 'CompanyDLPViolation', 2]),
    },
  },
  plugintracelog: {
    ...{ code: 4619, schema: 'PluginTraceLog', set: 'plugintracelogs' },
    ...{ display: 'Plug-in Trace Log', plural: 'Plug-in Trace Logs' },
    ...{ primaryName: 'typename', ownership: 'OrganizationOwned' },
    columns: {
      typename: text(1024),
      messagename: text(1024),
      primaryentity: text(1000),
      messageblock: memo,
      exceptiondetails: memo,
      depth: 'Integer',
      mode: choice({ 0: 'Synchronous', 1: 'Asynchronous' }),
      operationtype: choice({ 0: 'Unknown', 1: 'Plug-in', 2: 'Workflow Activity' }),
      performanceexecutionduration: 'Integer',
      performanceexecutionstarttime: 'DateTime',
      correlationid: 'Uniqueidentifier',
      requestid: 'Uniqueidentifier',
    },
  },
  plugintype: {
    ...{
      code: 4602,
      schema: 'PluginType',
      set: 'plugintypes',
      display: 'Plug-in Type',
      plural: 'Plug-in Types',
    },
    ...{ primaryName: 'name', ownership: 'OrganizationOwned' },
    columns: { name: text(256), typename: text(256), assemblyname: text(256), friendlyname: text(256) },
  },
  sdkmessageprocessingstep: {
    ...{ code: 4608, schema: 'SdkMessageProcessingStep', set: 'sdkmessageprocessingsteps' },
    ...{ display: 'Sdk Message Processing Step', plural: 'Sdk Message Processing Steps' },
    ...{ primaryName: 'name', ownership: 'OrganizationOwned' },
    columns: {
      name: text(256),
      description: text(256),
      stage: choice({ 10: 'Pre-validation', 20: 'Pre-operation', 40: 'Post-operation' }),
      mode: choice({ 0: 'Synchronous', 1: 'Asynchronous' }),
      rank: 'Integer',
      supporteddeployment: choice({ 0: 'Server Only', 2: 'Both' }),
      filteringattributes: memo,
      configuration: memo,
      asyncautodelete: 'Boolean',
      sdkmessageid: lookup('sdkmessage', 'sdkmessageid'),
      sdkmessagefilterid: lookup('sdkmessagefilter', 'sdkmessagefilterid'),
      plugintypeid: lookup('plugintype', 'plugintypeid'),
      statecode: choice({ 0: 'Enabled', 1: 'Disabled' }, 'State'),
      statuscode: reasons([1, 'Enabled', 0], [2, 'Disabled', 1]),
    },
  },
  environmentvariabledefinition: {
    ...{ code: 380, schema: 'EnvironmentVariableDefinition', set: 'environmentvariabledefinitions' },
    ...{ display: 'Environment Variable Definition', plural: 'Environment Variable Definitions' },
    ...{ primaryName: 'schemaname', ownership: 'UserOwned' },
    columns: {
      schemaname: text(100),
      displayname: text(100),
      description: memo,
      defaultvalue: memo,
      type: choice({ 100000000: 'String', 100000001: 'Number', 100000002: 'Boolean', 100000003: 'JSON' }),
      ismanaged: 'Boolean',
      ...activeState,
    },
  },
  fieldsecurityprofile: {
    ...{ code: 1200, schema: 'FieldSecurityProfile', set: 'fieldsecurityprofiles' },
    ...{ display: 'Column Security Profile', plural: 'Column Security Profiles' },
    ...{ primaryName: 'name', ownership: 'OrganizationOwned' },
    columns: { name: text(100), description: memo, ismanaged: 'Boolean' },
  },
  connectionreference: {
    ...{ code: 10_037, schema: 'connectionreference', set: 'connectionreferences' },
    ...{ display: 'Connection Reference', plural: 'Connection References' },
    ...{ primaryName: 'connectionreferencedisplayname', ownership: 'UserOwned' },
    columns: {
      connectionreferencedisplayname: text(100),
      connectionreferencelogicalname: text(100),
      connectorid: text(512),
      connectionid: text(512),
      description: memo,
      ismanaged: 'Boolean',
      ...activeState,
    },
  },
};

const systemColumns = [
  'createdon',
  'createdby',
  'modifiedon',
  'modifiedby',
  'createdonbehalfby',
  'versionnumber',
];
const ownerColumns = ['ownerid', 'owningbusinessunit', 'owninguser', 'owningteam'];

/**
 * Tables of the platform that connectors and their tools read. They have the columns that clients ask for, not all.
 * `existing`: a user-owned table of the model, from which the system columns are taken.
 */
export function createPlatformTables(existing: TableModel): readonly TableModel[] {
  return Object.entries(described).map(([logicalName, table]) => createTable(logicalName, table, existing));
}

function createTable(logicalName: string, table: PlatformTable, existing: TableModel): TableModel {
  const primaryId = table.primaryId ?? `${logicalName}id`;
  const inherited = [...systemColumns, ...(table.ownership === 'UserOwned' ? ownerColumns : [])];
  const key = { type: 'Uniqueidentifier', required: 'SystemRequired', validForUpdate: false } as const;
  return {
    logicalName,
    schemaName: table.schema,
    set: table.set,
    displayName: table.display,
    displayCollectionName: table.plural,
    typeCode: table.code,
    base: 'crmbaseentity',
    primaryId,
    primaryName: table.primaryName,
    ownership: table.ownership,
    changeTracking: false,
    attributes: [
      createColumn(primaryId, key),
      ...Object.entries(table.columns).map(([name, column]) => createColumn(name, column)),
      ...existing.attributes.filter((attribute) => inherited.includes(attribute.logicalName)),
    ],
    keys: [],
  };
}

function createColumn(logicalName: string, column: ShortColumn): Attribute {
  const details = typeof column === 'string' ? { type: column } : column;
  return {
    logicalName,
    schemaName: logicalName,
    displayName: logicalName.charAt(0).toUpperCase() + logicalName.slice(1),
    type: 'String',
    required: 'None',
    validForCreate: true,
    validForUpdate: true,
    ...details,
    ...fixedMembers[logicalName],
  };
}
