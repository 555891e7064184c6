import { eventTables } from './event-tables.ts';
import { plugInTables } from './plug-in-tables.ts';
import { recycleBinTables } from './recycle-bin-tables.ts';
import {
  activeState,
  choice,
  lookup,
  memo,
  type PlatformTable,
  readOnly,
  reasons,
  required,
  type ShortColumn,
  text,
} from './short-columns.ts';
import type { Attribute, TableModel } from './types.ts';

/** Members of columns that every table has alike. */
const fixedMembers: Readonly<Record<string, Partial<Attribute>>> = {
  statecode: required,
  statuscode: required,
  startedon: readOnly,
  completedon: readOnly,
};

const described: Readonly<Record<string, PlatformTable>> = {
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
      amdesignator: text(25),
      pmdesignator: text(25),
      currencyformatcode: 'Integer',
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
  timezonedefinition: {
    ...{ code: 4810, schema: 'TimeZoneDefinition', set: 'timezonedefinitions' },
    ...{ display: 'Time Zone Definition', plural: 'Time Zone Definitions' },
    ...{ primaryName: 'standardname', ownership: 'OrganizationOwned' },
    columns: {
      timezonecode: 'Integer',
      standardname: text(100),
      daylightname: text(100),
      userinterfacename: text(100),
      bias: 'Integer',
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
  ...plugInTables,
  ...eventTables,
  ...recycleBinTables,
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
  ...['createdon', 'createdby', 'createdonbehalfby', 'modifiedon', 'modifiedby', 'modifiedonbehalfby'],
  'versionnumber',
];
const ownerColumns = ['ownerid', 'owningbusinessunit', 'owninguser', 'owningteam'];

/**
 * Tables of the platform that connectors and their tools read. They have the columns that clients ask for, not all.
 * `existing`: a user-owned table of the model, from which the system columns are taken.
 */
export function createPlatformTables(existing: TableModel): readonly TableModel[] {
  return Object.entries(described).map(([logicalName, table]) =>
    createPlatformTable(logicalName, table, existing),
  );
}

/** A table with the system columns of `existing`. */
export function createPlatformTable(
  logicalName: string,
  table: PlatformTable,
  existing: TableModel,
): TableModel {
  const primaryId = table.primaryId ?? `${logicalName}id`;
  const inherited = [
    ...(table.systemColumns ?? systemColumns),
    ...(table.ownership === 'UserOwned' ? ownerColumns : []),
  ];
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
    withoutVersion: table.withoutVersion,
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
