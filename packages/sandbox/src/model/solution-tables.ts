import type { Attribute, ModelData, TableModel } from './types.ts';

const column = (
  logicalName: string,
  schemaName: string,
  type: Attribute['type'],
  rest: Partial<Attribute> = {},
): Attribute => ({
  logicalName,
  schemaName,
  displayName: schemaName.replace(/(?<=[a-z])(?=[A-Z])/g, ' '),
  type,
  required: 'None',
  validForCreate: true,
  validForUpdate: true,
  ...rest,
});

const readOnly = { validForCreate: false, validForUpdate: false } as const;
const lookup = (name: string, schemaName: string, table: string, rest: Partial<Attribute> = {}): Attribute =>
  column(name, schemaName, 'Lookup', { targets: [{ table, navigation: name }], ...rest });

const systemColumns: readonly Attribute[] = [
  column('createdon', 'CreatedOn', 'DateTime', readOnly),
  column('modifiedon', 'ModifiedOn', 'DateTime', readOnly),
  column('versionnumber', 'VersionNumber', 'BigInt', readOnly),
  lookup('createdby', 'CreatedBy', 'systemuser', readOnly),
  lookup('modifiedby', 'ModifiedBy', 'systemuser', readOnly),
  lookup('createdonbehalfby', 'CreatedOnBehalfBy', 'systemuser', readOnly),
  lookup('modifiedonbehalfby', 'ModifiedOnBehalfBy', 'systemuser', readOnly),
];

const text = (logicalName: string, maxLength: number): Attribute =>
  column(logicalName, logicalName, 'String', { maxLength });

/** The columns of an address, which publishers have twice. */
const addressColumns = (address: string): readonly Attribute[] => [
  column(`${address}_addressid`, `${address}_addressid`, 'Uniqueidentifier', readOnly),
  ...['addresstypecode', 'shippingmethodcode'].map((name) =>
    column(`${address}_${name}`, `${address}_${name}`, 'Picklist', {
      options: [{ value: 1, label: 'Default Value' }],
    }),
  ),
  ...['latitude', 'longitude'].map((name) => column(`${address}_${name}`, `${address}_${name}`, 'Double')),
  column(`${address}_utcoffset`, `${address}_utcoffset`, 'Integer'),
  text(`${address}_name`, 100),
  ...['city', 'country'].map((name) => text(`${address}_${name}`, 80)),
  ...[
    ...['line1', 'line2', 'line3', 'county', 'stateorprovince', 'fax'],
    ...['telephone1', 'telephone2', 'telephone3'],
  ].map((name) => text(`${address}_${name}`, 50)),
  ...['postalcode', 'postofficebox'].map((name) => text(`${address}_${name}`, 20)),
  text(`${address}_upszone`, 4),
];

const common = {
  base: 'crmbaseentity',
  ownership: 'OrganizationOwned',
  changeTracking: false,
  keys: [],
} as const;

const publisher: TableModel = {
  ...common,
  logicalName: 'publisher',
  schemaName: 'Publisher',
  set: 'publishers',
  displayName: 'Publisher',
  displayCollectionName: 'Publishers',
  typeCode: 7101,
  primaryId: 'publisherid',
  primaryName: 'friendlyname',
  attributes: [
    column('publisherid', 'PublisherId', 'Uniqueidentifier', {
      required: 'SystemRequired',
      validForUpdate: false,
    }),
    column('uniquename', 'UniqueName', 'String', { required: 'SystemRequired', maxLength: 256 }),
    column('friendlyname', 'FriendlyName', 'String', { required: 'SystemRequired', maxLength: 256 }),
    column('description', 'Description', 'String', { maxLength: 2000 }),
    column('customizationprefix', 'CustomizationPrefix', 'String', {
      required: 'SystemRequired',
      maxLength: 8,
    }),
    column('customizationoptionvalueprefix', 'CustomizationOptionValuePrefix', 'Integer', {
      min: 10_000,
      max: 99_999,
      default: 10_000,
    }),
    column('emailaddress', 'EMailAddress', 'String', { maxLength: 100, format: 'Email' }),
    column('supportingwebsiteurl', 'SupportingWebsiteUrl', 'String', { maxLength: 500, format: 'Url' }),
    column('isreadonly', 'IsReadonly', 'Boolean', { ...readOnly, default: false }),
    column('pinpointpublisherid', 'PinpointPublisherId', 'BigInt', readOnly),
    column('pinpointpublisherdefaultlocale', 'PinpointPublisherDefaultLocale', 'String', {
      ...readOnly,
      maxLength: 16,
    }),
    lookup('organizationid', 'OrganizationId', 'organization', readOnly),
    column('entityimage', 'EntityImage', 'File'),
    column('entityimageid', 'EntityImageId', 'Uniqueidentifier', readOnly),
    column('entityimage_timestamp', 'EntityImage_Timestamp', 'BigInt', readOnly),
    column('entityimage_url', 'EntityImage_URL', 'String', { ...readOnly, maxLength: 200, format: 'Url' }),
    ...['address1', 'address2'].flatMap(addressColumns),
    ...systemColumns,
  ],
};

const solution: TableModel = {
  ...common,
  logicalName: 'solution',
  schemaName: 'Solution',
  set: 'solutions',
  displayName: 'Solution',
  displayCollectionName: 'Solutions',
  typeCode: 7100,
  primaryId: 'solutionid',
  primaryName: 'friendlyname',
  attributes: [
    column('solutionid', 'SolutionId', 'Uniqueidentifier', {
      required: 'SystemRequired',
      validForUpdate: false,
    }),
    column('uniquename', 'UniqueName', 'String', {
      required: 'SystemRequired',
      maxLength: 65,
      validForUpdate: false,
    }),
    column('friendlyname', 'FriendlyName', 'String', { required: 'SystemRequired', maxLength: 256 }),
    column('version', 'Version', 'String', { required: 'SystemRequired', maxLength: 256 }),
    column('description', 'Description', 'String', { maxLength: 2000 }),
    column('installedon', 'InstalledOn', 'DateTime', readOnly),
    column('ismanaged', 'IsManaged', 'Boolean', { ...readOnly, default: false }),
    column('isvisible', 'IsVisible', 'Boolean', { ...readOnly, default: true }),
    column('isapimanaged', 'IsApiManaged', 'Boolean', { ...readOnly, default: false }),
    column('solutionpackageversion', 'SolutionPackageVersion', 'String', { ...readOnly, maxLength: 256 }),
    lookup('publisherid', 'PublisherId', 'publisher', { required: 'SystemRequired' }),
    lookup('parentsolutionid', 'ParentSolutionId', 'solution', readOnly),
    lookup('organizationid', 'OrganizationId', 'organization', readOnly),
    lookup('configurationpageid', 'ConfigurationPageId', 'webresource'),
    column('solutiontype', 'SolutionType', 'Picklist', {
      ...readOnly,
      options: ['None', 'Snapshot', 'Internal'].map((label, value) => ({ value, label })),
    }),
    column('updatedon', 'UpdatedOn', 'DateTime', readOnly),
    column('upgradeinfo', 'UpgradeInfo', 'Memo', { ...readOnly, maxLength: 1_073_741_823 }),
    ...['pinpointpublisherid', 'pinpointsolutionid'].map((name) => column(name, name, 'BigInt', readOnly)),
    ...[text('templatesuffix', 65), text('thumbprint', 65), text('pinpointassetid', 255)],
    text('pinpointsolutiondefaultlocale', 16),
    ...systemColumns,
  ],
};

const componentTypes = [
  [1, 'Entity'],
  [2, 'Attribute'],
  [9, 'Option Set'],
  [10, 'Entity Relationship'],
  [14, 'Entity Key'],
] as const;

const solutionComponent: TableModel = {
  ...common,
  ownership: 'None',
  logicalName: 'solutioncomponent',
  schemaName: 'SolutionComponent',
  set: 'solutioncomponents',
  displayName: 'Solution Component',
  displayCollectionName: 'Solution Components',
  typeCode: 7103,
  primaryId: 'solutioncomponentid',
  attributes: [
    column('solutioncomponentid', 'SolutionComponentId', 'Uniqueidentifier', {
      required: 'SystemRequired',
      ...readOnly,
    }),
    column('componenttype', 'ComponentType', 'Picklist', {
      options: componentTypes.map(([value, label]) => ({ value, label })),
      globalChoice: 'componenttype',
      ...readOnly,
    }),
    column('objectid', 'ObjectId', 'Uniqueidentifier', readOnly),
    column('rootcomponentbehavior', 'RootComponentBehavior', 'Integer', readOnly),
    column('ismetadata', 'IsMetadata', 'Boolean', { ...readOnly, default: true }),
    lookup('solutionid', 'SolutionId', 'solution', readOnly),
    ...systemColumns,
  ],
};

/** Publishers, solutions and their components: the tables that tools for deployment read and write. */
export const solutionTables: ModelData = {
  tables: [publisher, solution, solutionComponent],
  oneToMany: [
    {
      name: 'publisher_solution',
      referenced: 'publisher',
      collection: 'publisher_solution',
      referencing: 'solution',
      attribute: 'publisherid',
      onDelete: 'restrict',
    },
    {
      name: 'solution_parent_solution',
      referenced: 'solution',
      collection: 'solution_parent_solution',
      referencing: 'solution',
      attribute: 'parentsolutionid',
    },
    {
      name: 'solution_solutioncomponent',
      referenced: 'solution',
      collection: 'solution_solutioncomponent',
      referencing: 'solutioncomponent',
      attribute: 'solutionid',
      onDelete: 'cascade',
    },
  ],
  manyToMany: [],
};
