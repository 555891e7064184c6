import { activeState, lookup, type PlatformTable, readOnly, required, text } from './short-columns.ts';
import type { TableModel } from './types.ts';

const readOnlyText = (maxLength: number) => ({ ...text(maxLength), ...readOnly });

/** The tables of the organization as rows, and which of them keep their deleted rows. */
export const recycleBinTables: Readonly<Record<string, PlatformTable>> = {
  entity: {
    ...{ code: 9800, schema: 'Entity', set: 'entities', display: 'Entity', plural: 'Entities' },
    ...{ primaryName: 'name', ownership: 'None', systemColumns: ['versionnumber'] },
    columns: {
      name: readOnlyText(256),
      logicalname: readOnlyText(64),
      entitysetname: readOnlyText(64),
      logicalcollectionname: readOnlyText(64),
      collectionname: readOnlyText(64),
      originallocalizedname: readOnlyText(256),
      originallocalizedcollectionname: readOnlyText(256),
      objecttypecode: { type: 'Integer', ...readOnly },
      isactivity: { type: 'Boolean', ...readOnly },
    },
  },
  recyclebinconfig: {
    ...{ code: 10_036, schema: 'RecycleBinConfig', set: 'recyclebinconfigs' },
    ...{
      display: 'Restore Deleted Records Configuration',
      plural: 'Restore Deleted Records Configurations',
    },
    ...{ primaryName: 'name', ownership: 'OrganizationOwned' },
    columns: {
      name: text(256),
      bintablename: readOnlyText(256),
      cleanupintervalindays: { type: 'Integer', default: -1, min: -1, max: 30 },
      extensionofrecordid: { ...lookup('entity', 'extensionofrecordid'), ...required },
      isreadyforrecyclebin: { type: 'Boolean', default: false },
      ismanaged: { type: 'Boolean', default: false, ...readOnly },
      ...activeState,
    },
  },
};

/**
 * Tables whose deleted rows are lost: solution components, the event framework, and others.
 * https://learn.microsoft.com/power-platform/admin/restore-deleted-table-records#tables-not-supported
 */
const unsupported: ReadonlySet<string> = new Set([
  ...['appointment', 'recurringappointmentmaster', 'calendar', 'goal', 'queue', 'template', 'sla', 'slaitem'],
  ...['businessunit', 'systemuser', 'usersettings', 'organization', 'role', 'privilege', 'connectionrole'],
  ...['principalobjectaccess', 'fieldpermission', 'fieldsecurityprofile', 'audit', 'timezonedefinition'],
  ...['asyncoperation', 'backgroundoperation', 'bulkdeleteoperation', 'duplicaterule', 'duplicaterecord'],
  ...['duplicaterulecondition', 'serviceendpoint', 'sdkmessage', 'sdkmessagefilter', 'plugintracelog'],
  ...['sdkmessageprocessingstep', 'sdkmessageprocessingstepimage', 'plugintype', 'pluginassembly'],
  ...['customapi', 'customapirequestparameter', 'customapiresponseproperty', 'connectionreference'],
  ...['environmentvariabledefinition', 'environmentvariablevalue', 'publisher', 'solution'],
  ...['solutioncomponent', 'savedquery', 'userquery', 'workflow', 'entity', 'recyclebinconfig'],
]);

/** Whether deleted rows of a table can be kept. */
export const canKeepDeletedRows = ({ logicalName, set, view, intersect }: TableModel): boolean =>
  set !== undefined && !view && !intersect && !unsupported.has(logicalName);
