import { principalTables } from 'dynamics365-connector/odata';
import { createPlatformTable } from './platform-tables.ts';
import { choice, lookup, memo, type PlatformTable, text } from './short-columns.ts';
import type { Attribute, ModelData, OneToManyRelationship, TableModel } from './types.ts';

/** Who may do what with a secured column: not allowed, allowed. */
const permission: Partial<Attribute> = {
  type: 'Picklist',
  default: 0,
  options: [
    { value: 0, label: 'Not Allowed' },
    { value: 4, label: 'Allowed' },
  ],
};

/** The events that the sandbox audits, by `action`. */
const auditActions: Readonly<Record<number, string>> = {
  ...{ 0: 'Unknown', 1: 'Create', 2: 'Update', 3: 'Delete', 4: 'Activate', 5: 'Deactivate', 12: 'Merge' },
  ...{ 13: 'Assign', 14: 'Share', 33: 'Associate Entities', 34: 'Disassociate Entities' },
  ...{ 48: 'Modify Share', 49: 'Unshare', 53: 'Assign Role To Team', 54: 'Remove Role From Team' },
  ...{ 55: 'Assign Role To User', 56: 'Remove Role From User', 64: 'User Access via Web' },
};

const described: Readonly<Record<string, PlatformTable>> = {
  privilege: {
    ...{ code: 1023, schema: 'Privilege', set: 'privileges', display: 'Privilege', plural: 'Privileges' },
    ...{ primaryName: 'name', ownership: 'OrganizationOwned' },
    columns: {
      name: text(100),
      accessright: 'Integer',
      canbebasic: 'Boolean',
      canbelocal: 'Boolean',
      canbedeep: 'Boolean',
      canbeglobal: 'Boolean',
      canbeentityreference: 'Boolean',
      canbeparententityreference: 'Boolean',
      canberecordfilter: 'Boolean',
      ismanaged: 'Boolean',
    },
  },
  principalobjectaccess: {
    ...{ code: 11, schema: 'PrincipalObjectAccess', set: 'principalobjectaccessset' },
    ...{ display: 'Principal Object Access', plural: 'Principal Object Access', ownership: 'None' },
    columns: {
      principalid: 'Uniqueidentifier',
      principaltypecode: 'EntityName',
      objectid: 'Uniqueidentifier',
      objecttypecode: 'EntityName',
      accessrightsmask: 'Integer',
      inheritedaccessrightsmask: 'Integer',
      changedon: 'DateTime',
    },
  },
  audit: {
    ...{ code: 4567, schema: 'Audit', set: 'audits', display: 'Auditing', plural: 'Auditing' },
    ...{ ownership: 'None', withoutVersion: true, systemColumns: ['createdon', 'versionnumber'] },
    columns: {
      action: choice(auditActions),
      operation: choice({ 1: 'Create', 2: 'Update', 3: 'Delete', 4: 'Access' }),
      // Without targets: the row can have been deleted.
      objectid: 'Lookup',
      objecttypecode: 'EntityName',
      userid: lookup('systemuser', 'userid'),
      callinguserid: lookup('systemuser', 'callinguserid'),
      regardingobjectid: 'Lookup',
      transactionid: 'Uniqueidentifier',
      attributemask: memo,
      useradditionalinfo: text(350),
    },
  },
  fieldpermission: {
    ...{ code: 1201, schema: 'FieldPermission', set: 'fieldpermissions' },
    ...{ display: 'Column Permission', plural: 'Column Permissions', ownership: 'OrganizationOwned' },
    columns: {
      entityname: 'EntityName',
      attributelogicalname: text(50),
      canread: permission,
      canreadunmasked: {
        type: 'Picklist',
        default: 0,
        options: [
          { value: 0, label: 'Not Allowed' },
          { value: 1, label: 'One Record' },
          { value: 3, label: 'All Records' },
        ],
      },
      cancreate: permission,
      canupdate: permission,
      fieldsecurityprofileid: {
        type: 'Lookup',
        required: 'SystemRequired',
        targets: [{ table: 'fieldsecurityprofile', navigation: 'fieldsecurityprofileid' }],
      },
    },
  },
};

/** A column of one row that is shared with a user or team. */
const columnShare = (targets: readonly TableModel[]): PlatformTable => ({
  ...{ code: 44, schema: 'PrincipalObjectAttributeAccess', set: 'principalobjectattributeaccessset' },
  ...{ display: 'Field Sharing', plural: 'Field Sharing', ownership: 'OrganizationOwned' },
  columns: {
    attributeid: 'Uniqueidentifier',
    objectid: {
      type: 'Lookup',
      targets: targets.map(({ logicalName: table }) => ({ table, navigation: `objectid_${table}` })),
    },
    principalid: {
      type: 'Lookup',
      targets: principalTables.map((table) => ({ table, navigation: `principalid_${table}` })),
    },
    readaccess: { type: 'Boolean', default: false },
    updateaccess: { type: 'Boolean', default: false },
  },
});

/** The relationship of a table with its shared columns. They are deleted with their row. */
export const columnShareRelationship = (table: string): OneToManyRelationship => ({
  name: `${table}_principalobjectattributeaccess`,
  referenced: table,
  collection: `${table}_principalobjectattributeaccess`,
  referencing: 'principalobjectattributeaccess',
  attribute: 'objectid',
  onDelete: 'cascade',
});

/** The intersect tables that can be read like other tables: set, object type code, columns of both ends. */
const intersects: Readonly<Record<string, readonly [set: string, code: number, key: string, ...string[]]>> = {
  teammembership: ['teammemberships', 23, 'teammembershipid', 'teamid', 'systemuserid'],
  systemuserroles: ['systemuserrolescollection', 15, 'systemuserroleid', 'systemuserid', 'roleid'],
  teamroles: ['teamrolescollection', 40, 'teamroleid', 'teamid', 'roleid'],
  roleprivileges: ['roleprivilegescollection', 12, 'roleprivilegeid', 'roleid', 'privilegeid'],
  systemuserprofiles: [
    ...(['systemuserprofilescollection', 1202, 'systemuserprofileid'] as const),
    ...(['systemuserid', 'fieldsecurityprofileid'] as const),
  ],
  teamprofiles: ['teamprofilescollection', 1203, 'teamprofileid', 'teamid', 'fieldsecurityprofileid'],
};

/**
 * Tables of roles, privileges, shares and column security, with their relationships. The system columns are taken from
 * `existing`; columns of rows of `tables` can be shared.
 */
export function createSecurityTables(
  existing: TableModel,
  tables: readonly TableModel[],
): Pick<ModelData, 'tables' | 'oneToMany' | 'manyToMany'> {
  const targets = tables.filter(({ ownership, view }) => ownership === 'UserOwned' && !view);
  const platformTables = { ...described, principalobjectattributeaccess: columnShare(targets) };
  return {
    tables: [
      ...Object.entries(platformTables).map(([name, table]) => createPlatformTable(name, table, existing)),
      ...Object.keys(intersects).map((name) => createIntersectTable(name, existing)),
    ],
    oneToMany: [
      ...securityRelationships.oneToMany,
      ...targets.map(({ logicalName }) => columnShareRelationship(logicalName)),
    ],
    manyToMany: securityRelationships.manyToMany,
  };
}

function createIntersectTable(logicalName: string, { attributes }: TableModel): TableModel {
  const [set = '', typeCode = 0, primaryId = '', ...ends] = intersects[logicalName] ?? [];
  const column = (name: string, type: Attribute['type']): Attribute => ({
    logicalName: name,
    schemaName: name,
    displayName: name,
    type,
    required: 'SystemRequired',
    validForCreate: false,
    validForUpdate: false,
  });
  return {
    logicalName,
    schemaName: logicalName,
    set,
    displayName: logicalName,
    displayCollectionName: logicalName,
    typeCode,
    base: 'crmbaseentity',
    primaryId,
    ownership: 'None',
    changeTracking: false,
    keys: [],
    intersect: true,
    attributes: [
      ...[primaryId, ...ends].map((name) => column(name, 'Uniqueidentifier')),
      ...(logicalName === 'roleprivileges' ? [column('privilegedepthmask', 'Integer')] : []),
      ...attributes.filter((attribute) => attribute.logicalName === 'versionnumber'),
    ],
  };
}

const end = (table: string, navigation: string) => ({ table, column: `${table}id`, navigation });
const profile = 'fieldsecurityprofile';

const securityRelationships: Pick<ModelData, 'oneToMany' | 'manyToMany'> = {
  oneToMany: [
    {
      name: 'lk_fieldpermission_fieldsecurityprofileid',
      referenced: profile,
      collection: 'lk_fieldpermission_fieldsecurityprofileid',
      referencing: 'fieldpermission',
      attribute: 'fieldsecurityprofileid',
      onDelete: 'cascade',
    },
  ],
  manyToMany: [
    {
      name: 'roleprivileges_association',
      intersect: 'roleprivileges',
      ends: [end('role', 'roleprivileges_association'), end('privilege', 'roleprivileges_association')],
    },
    {
      name: 'systemuserprofiles_association',
      intersect: 'systemuserprofiles',
      ends: [
        end('systemuser', 'systemuserprofiles_association'),
        end(profile, 'systemuserprofiles_association'),
      ],
    },
    {
      name: 'teamprofiles_association',
      intersect: 'teamprofiles',
      ends: [end('team', 'teamprofiles_association'), end(profile, 'teamprofiles_association')],
    },
  ],
};
