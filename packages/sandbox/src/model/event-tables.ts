import { customApiTables } from './custom-api-tables.ts';
import { duplicateTables } from './duplicate-tables.ts';
import {
  choice,
  fixed,
  lookup,
  lookups,
  memo,
  type PlatformTable,
  readOnly,
  reasons,
  required,
  text,
  yesNo,
} from './short-columns.ts';
import type { OneToManyRelationship } from './types.ts';

/** System jobs go from state 0 to state 3. */
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

const operationTypes = choice({
  1: 'System Event',
  7: 'Duplicate Detection Rule Publish',
  8: 'Bulk Duplicate Detection',
  10: 'Workflow',
  13: 'Bulk Delete',
});

const jobs: Readonly<Record<string, PlatformTable>> = {
  asyncoperation: {
    ...{ code: 4700, schema: 'AsyncOperation', set: 'asyncoperations' },
    ...{ display: 'System Job', plural: 'System Jobs', primaryName: 'name', ownership: 'UserOwned' },
    withoutVersion: true,
    columns: {
      name: text(400),
      callerorigin: text(256),
      workload: text(256),
      rootexecutioncontext: memo,
      breadcrumbid: 'Uniqueidentifier',
      parentpluginexecutionid: 'Uniqueidentifier',
      correlationupdatedtime: 'DateTime',
      expanderstarttime: 'DateTime',
      retainjobhistory: 'Boolean',
      datablobid: 'File',
      datablobid_name: text(255),
      operationtype: operationTypes,
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
      dependencytoken: text(256),
      executiontimespan: 'Double',
      iswaitingforevent: 'Boolean',
      sequence: 'BigInt',
      subtype: 'Integer',
      utcconversiontimezonecode: 'Integer',
      timezoneruleversionnumber: 'Integer',
      workflowstagename: text(256),
      hostid: text(256),
      owningextensionid: lookup('sdkmessageprocessingstep', 'owningextensionid'),
      workflowactivationid: lookup('workflow', 'workflowactivationid'),
      regardingobjectid: lookups('regardingobjectid', ['account', 'contact', 'email', 'incident', 'lead']),
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
  backgroundoperation: {
    ...{ code: 10_300, schema: 'backgroundoperation', set: 'backgroundoperations' },
    ...{ display: 'Background Operation', plural: 'Background Operations' },
    ...{ primaryName: 'name', ownership: 'None' },
    columns: {
      name: text(450),
      displayname: text(450),
      backgroundoperationstatecode: {
        ...choice({ 0: 'Ready', 2: 'Locked', 3: 'Completed' }),
        default: 0,
      },
      backgroundoperationstatuscode: {
        ...choice({
          0: 'Waiting For Resources',
          20: 'In Progress',
          22: 'Canceling',
          30: 'Succeeded',
          31: 'Failed',
          32: 'Canceled',
        }),
        default: 0,
      },
      inputparameters: { ...memo, ...fixed },
      outputparameters: { ...memo, ...readOnly },
      errorcode: { type: 'Integer', ...readOnly },
      errormessage: { ...memo, ...readOnly },
      retrycount: { type: 'Integer', ...readOnly, default: 0 },
      runas: { ...text(36), ...fixed },
      starttime: { type: 'DateTime', ...readOnly },
      endtime: { type: 'DateTime', ...readOnly },
      ttlinseconds: { type: 'Integer', ...fixed, default: 7_776_000 },
    },
  },
};

const registration: Readonly<Record<string, PlatformTable>> = {
  serviceendpoint: {
    ...{ code: 4618, schema: 'ServiceEndpoint', set: 'serviceendpoints' },
    ...{ display: 'Service Endpoint', plural: 'Service Endpoints' },
    ...{ primaryName: 'name', ownership: 'OrganizationOwned' },
    columns: {
      name: { ...text(256), ...required },
      description: text(2000),
      url: text(2000),
      contract: {
        ...choice({
          1: 'OneWay',
          2: 'Queue',
          3: 'Rest',
          4: 'TwoWay',
          5: 'Topic',
          6: 'Queue (Persistent)',
          7: 'Event Hub',
          8: 'Webhook',
          9: 'Event Grid',
          10: 'Managed Data Lake',
        }),
        ...required,
      },
      authtype: {
        ...choice({
          1: 'ACS',
          2: 'SASKey',
          3: 'SASToken',
          4: 'WebhookKey',
          5: 'HttpHeader',
          6: 'HttpQueryString',
          7: 'ConnectionString',
          8: 'AccessKey',
        }),
        ...required,
      },
      authvalue: { ...text(2048), validForRead: false },
      isauthvalueset: { ...yesNo(false), ...readOnly },
      messageformat: choice({ 1: 'Binary XML', 2: 'Json', 3: 'Text XML' }),
      messagecharset: { ...choice({ 0: 'Default', 1: 'UTF8' }), default: 0 },
      connectionmode: { ...choice({ 1: 'Normal', 2: 'Federated' }), default: 1 },
      userclaim: { ...choice({ 1: 'None', 2: 'UserId', 3: 'UserInfo' }), default: 1 },
      namespaceaddress: text(160),
      path: text(160),
      solutionnamespace: text(160),
      usekeyvaultconfiguration: yesNo(false),
      ismanaged: { ...yesNo(false), ...readOnly },
    },
  },
  sdkmessageprocessingstep: {
    ...{ code: 4608, schema: 'SdkMessageProcessingStep', set: 'sdkmessageprocessingsteps' },
    ...{ display: 'Sdk Message Processing Step', plural: 'Sdk Message Processing Steps' },
    ...{ primaryName: 'name', ownership: 'OrganizationOwned' },
    columns: {
      name: text(256),
      description: text(256),
      stage: {
        ...choice({ 10: 'Pre-validation', 20: 'Pre-operation', 40: 'Post-operation' }),
        ...required,
      },
      mode: { ...choice({ 0: 'Synchronous', 1: 'Asynchronous' }), ...required },
      rank: { type: 'Integer', ...required },
      supporteddeployment: {
        ...choice({ 0: 'Server Only', 1: 'Microsoft Dynamics 365 Client for Outlook Only', 2: 'Both' }),
        default: 0,
      },
      invocationsource: { ...choice({ [-1]: 'Internal', 0: 'Parent', 1: 'Child' }), default: 0 },
      filteringattributes: { type: 'String', maxLength: 100_000 },
      configuration: memo,
      asyncautodelete: yesNo(false),
      canbebypassed: yesNo(false),
      sdkmessageid: lookup('sdkmessage', 'sdkmessageid'),
      sdkmessagefilterid: lookup('sdkmessagefilter', 'sdkmessagefilterid'),
      plugintypeid: lookup('plugintype', 'plugintypeid'),
      eventhandler: {
        type: 'Lookup',
        targets: [
          { table: 'serviceendpoint', navigation: 'eventhandler_serviceendpoint' },
          { table: 'plugintype', navigation: 'eventhandler_plugintype' },
        ],
      },
      impersonatinguserid: lookup('systemuser', 'impersonatinguserid'),
      ismanaged: { ...yesNo(false), ...readOnly },
      statecode: choice({ 0: 'Enabled', 1: 'Disabled' }, 'State'),
      statuscode: reasons([1, 'Enabled', 0], [2, 'Disabled', 1]),
    },
  },
  sdkmessageprocessingstepimage: {
    ...{ code: 4615, schema: 'SdkMessageProcessingStepImage', set: 'sdkmessageprocessingstepimages' },
    ...{ display: 'Sdk Message Processing Step Image', plural: 'Sdk Message Processing Step Images' },
    ...{ primaryName: 'name', ownership: 'OrganizationOwned' },
    columns: {
      name: text(256),
      description: text(256),
      entityalias: { ...text(256), ...required },
      imagetype: { ...choice({ 0: 'PreImage', 1: 'PostImage', 2: 'Both' }), ...required },
      messagepropertyname: { ...text(256), ...required },
      attributes: { type: 'String', maxLength: 100_000 },
      sdkmessageprocessingstepid: lookup('sdkmessageprocessingstep', 'sdkmessageprocessingstepid'),
    },
  },
};

/** Name, referenced table, and lookup that references it. Deleting the referenced row deletes the others. */
const relations: readonly (readonly [name: string, referenced: string, lookup: string])[] = [
  ['serviceendpoint_sdkmessageprocessingstep', 'serviceendpoint', 'sdkmessageprocessingstep.eventhandler'],
  ['plugintype_sdkmessageprocessingstep', 'plugintype', 'sdkmessageprocessingstep.eventhandler'],
  ['sdkmessageid_sdkmessageprocessingstep', 'sdkmessage', 'sdkmessageprocessingstep.sdkmessageid'],
  [
    'sdkmessagefilterid_sdkmessageprocessingstep',
    'sdkmessagefilter',
    'sdkmessageprocessingstep.sdkmessagefilterid',
  ],
  [
    'sdkmessageprocessingstepid_sdkmessageprocessingstepimage',
    'sdkmessageprocessingstep',
    'sdkmessageprocessingstepimage.sdkmessageprocessingstepid',
  ],
  [
    'SdkMessageProcessingStep_AsyncOperations',
    'sdkmessageprocessingstep',
    'asyncoperation.owningextensionid',
  ],
  ['AsyncOperation_BulkDeleteOperation', 'asyncoperation', 'bulkdeleteoperation.asyncoperationid'],
  ['CustomAPIRequestParameters', 'customapi', 'customapirequestparameter.customapiid'],
  ['CustomAPIResponseProperties', 'customapi', 'customapiresponseproperty.customapiid'],
  ['CustomAPIId', 'sdkmessage', 'customapi.sdkmessageid'],
  ['DuplicateRule_DuplicateRuleConditions', 'duplicaterule', 'duplicaterulecondition.regardingobjectid'],
  ['DuplicateRule_DuplicateBaseRecord', 'duplicaterule', 'duplicaterecord.duplicateruleid'],
  ['AsyncOperation_DuplicateBaseRecord', 'asyncoperation', 'duplicaterecord.asyncoperationid'],
];

/**
 * The tables of what happens around a write: webhooks and the steps that call them, system jobs, background operations,
 * custom APIs and duplicate detection.
 */
export const eventTables: Readonly<Record<string, PlatformTable>> = {
  ...jobs,
  ...registration,
  ...customApiTables,
  ...duplicateTables,
};

/** The relationships between these tables. */
export const eventRelationships: readonly OneToManyRelationship[] = relations.map(
  ([name, referenced, lookup]) => {
    const [referencing = '', attribute = ''] = lookup.split('.');
    return { name, referenced, collection: name, referencing, attribute, onDelete: 'cascade' };
  },
);
