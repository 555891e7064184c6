import {
  activeState,
  choice,
  fixed,
  lookup,
  type PlatformTable,
  readOnly,
  required,
  text,
  yesNo,
} from './short-columns.ts';

/** Data types of the parameters and properties of custom APIs. */
const customApiTypes = choice({
  0: 'Boolean',
  1: 'DateTime',
  2: 'Decimal',
  3: 'Entity',
  4: 'EntityCollection',
  5: 'EntityReference',
  6: 'Float',
  7: 'Integer',
  8: 'Money',
  9: 'Picklist',
  10: 'String',
  11: 'StringArray',
  12: 'Guid',
});

const names: PlatformTable['columns'] = {
  uniquename: { ...text(128), ...required, ...fixed },
  name: { ...text(100), ...required },
  displayname: { ...text(100), ...required },
  description: { ...text(300), ...required },
};

const customApiMember: PlatformTable['columns'] = {
  ...names,
  type: { ...customApiTypes, ...required, ...fixed },
  logicalentityname: { ...text(100), ...fixed },
  customapiid: { ...lookup('customapi', 'CustomAPIId'), ...fixed },
  ...activeState,
};

/** The tables that define custom APIs. */
export const customApiTables: Readonly<Record<string, PlatformTable>> = {
  customapi: {
    ...{ code: 10_033, schema: 'CustomAPI', set: 'customapis', display: 'Custom API', plural: 'Custom APIs' },
    ...{ primaryName: 'name', ownership: 'UserOwned' },
    columns: {
      ...names,
      bindingtype: {
        ...choice({ 0: 'Global', 1: 'Entity', 2: 'Entity Collection' }),
        ...fixed,
        default: 0,
      },
      boundentitylogicalname: { ...text(100), ...fixed },
      isfunction: { ...yesNo(false), ...fixed },
      isprivate: yesNo(false),
      allowedcustomprocessingsteptype: {
        ...choice({ 0: 'None', 1: 'Async Only', 2: 'Sync and Async' }),
        ...fixed,
        default: 0,
      },
      workflowsdkstepenabled: { ...yesNo(false), ...fixed },
      executeprivilegename: text(100),
      plugintypeid: lookup('plugintype', 'PluginTypeId'),
      sdkmessageid: { ...lookup('sdkmessage', 'SdkMessageId'), ...readOnly },
      ismanaged: { ...yesNo(false), ...readOnly },
      ...activeState,
    },
  },
  customapirequestparameter: {
    ...{ code: 10_034, schema: 'CustomAPIRequestParameter', set: 'customapirequestparameters' },
    ...{ display: 'Custom API Request Parameter', plural: 'Custom API Request Parameters' },
    ...{ primaryName: 'name', ownership: 'UserOwned' },
    columns: { ...customApiMember, isoptional: { ...yesNo(false), ...fixed } },
  },
  customapiresponseproperty: {
    ...{ code: 10_035, schema: 'CustomAPIResponseProperty', set: 'customapiresponseproperties' },
    ...{ display: 'Custom API Response Property', plural: 'Custom API Response Properties' },
    ...{ primaryName: 'name', ownership: 'UserOwned' },
    columns: customApiMember,
  },
};
