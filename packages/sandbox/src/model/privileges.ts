import { constantOf } from '../constant.ts';
import { guidOfNames } from '../guid.ts';
import type { TableModel } from './types.ts';

/** What a privilege of a table allows. `accessRight` is the bit of the right in a privilege's row. */
export const privilegeVerbs = {
  Create: 32,
  Read: 1,
  Write: 2,
  Delete: 65_536,
  Append: 4,
  AppendTo: 16,
  Assign: 524_288,
  Share: 262_144,
} as const;

export type PrivilegeVerb = keyof typeof privilegeVerbs;

/** Access levels, as bits of `privilegedepthmask`: own rows, business unit, with child business units, all. */
export const privilegeDepths = { Basic: 1, Local: 2, Deep: 4, Global: 8 } as const;

export type PrivilegeDepth = keyof typeof privilegeDepths;

/** A privilege, for example `prvReadAccount`. */
export interface Privilege {
  readonly name: string;
  readonly id: string;
  /** Absent for privileges that belong to no table. */
  readonly verb?: PrivilegeVerb;
  readonly depths: readonly PrivilegeDepth[];
}

/** Tables whose privileges have another name than their schema name, or that share the privileges of another table. */
const privilegeNames: Readonly<Record<string, string>> = {
  activitymimeattachment: 'Activity',
  activityparty: 'Activity',
  activitypointer: 'Activity',
  annotation: 'Note',
  invoicedetail: 'Invoice',
  opportunityproduct: 'Opportunity',
  productpricelevel: 'Product',
  quotedetail: 'Quote',
  roleprivileges: 'Role',
  salesorder: 'Order',
  salesorderdetail: 'Order',
  savedquery: 'Query',
  systemuser: 'User',
  systemuserprofiles: 'FieldSecurityProfile',
  systemuserroles: 'Role',
  teammembership: 'Team',
  teamprofiles: 'FieldSecurityProfile',
  teamroles: 'Role',
  template: 'EmailTemplate',
  fieldpermission: 'FieldSecurityProfile',
};

/** Tables without privileges: all users read them, and only the platform writes them. */
const unrestricted: ReadonlySet<string> = new Set([
  'audit',
  'fileattachment',
  'principal',
  'principalobjectaccess',
  'privilege',
]);

/** Privileges that belong to no table. */
const otherPrivilegeNames = [
  'prvActOnBehalfOfAnotherUser',
  'prvAssignRole',
  'prvBulkDelete',
  'prvBypassCustomBusinessLogic',
  'prvBypassCustomPlugins',
  'prvCreateAttribute',
  'prvCreateEntity',
  'prvCreateOptionSet',
  'prvCreateRelationship',
  'prvDeleteAttribute',
  'prvDeleteAuditData',
  'prvDeleteEntity',
  'prvDeleteOptionSet',
  'prvDeleteRecordChangeHistory',
  'prvDeleteRelationship',
  'prvDisableUser',
  'prvExportToExcel',
  'prvLanguageSettings',
  'prvMerge',
  'prvOverrideCreatedOnCreatedBy',
  'prvPublishCustomization',
  'prvReadAttribute',
  'prvReadAuditSummary',
  'prvReadEntity',
  'prvReadOptionSet',
  'prvReadRecordAuditHistory',
  'prvReadRelationship',
  'prvSearchAvailability',
  'prvSendAsUser',
  'prvWriteAttribute',
  'prvWriteEntity',
  'prvWriteOptionSet',
  'prvWriteRelationship',
] as const;

export type OtherPrivilegeName = (typeof otherPrivilegeNames)[number];

export const otherPrivileges: readonly Privilege[] = otherPrivilegeNames.map((name) => ({
  name,
  id: privilegeId(name),
  depths: ['Global'],
}));

/** The name that the privileges of a table have after the verb: `Account`, `Activity`; undefined without privileges. */
function privilegeSubject({ logicalName, schemaName, base, ownership }: TableModel): string | undefined {
  if (unrestricted.has(logicalName)) return undefined;
  const shared = base === 'activitypointer' ? 'Activity' : privilegeNames[logicalName];
  return shared ?? (ownership === 'None' ? undefined : schemaName);
}

/** The name of a privilege, for example `prvReadAccount`; undefined when the table has no privileges. */
export function tablePrivilegeName(table: TableModel, verb: PrivilegeVerb): string | undefined {
  if (table.logicalName === 'audit' && verb === 'Read') return 'prvReadAuditSummary';
  const subject = privilegeSubject(table);
  return subject && `prv${verb}${subject}`;
}

/** The privileges of a table. Only tables whose rows have owners have `Assign` and `Share`. */
export const tablePrivileges = constantOf((table: TableModel): readonly Privilege[] => {
  const subject = privilegeSubject(table);
  if (subject === undefined || table.ownership === 'None') return [];
  const owned = table.ownership === 'UserOwned';
  const verbs = (Object.keys(privilegeVerbs) as PrivilegeVerb[]).filter(
    (verb) => owned || (verb !== 'Assign' && verb !== 'Share'),
  );
  const depths = possibleDepths(table);
  return verbs.map((verb) => {
    const name = `prv${verb}${subject}`;
    return { name, id: privilegeId(name), verb, depths };
  });
});

/** The privileges that a table does not share with others, as activities do. */
export function ownPrivileges(table: TableModel): readonly Privilege[] {
  return privilegeSubject(table) === table.schemaName ? tablePrivileges(table) : [];
}

/** The privileges of these tables, and those that belong to no table. Shared ones, as of activities, occur repeatedly. */
export function allPrivilegesOf(tables: Iterable<TableModel>): readonly Privilege[] {
  return [...otherPrivileges, ...[...tables].flatMap(tablePrivileges)];
}

/** Rows of business units have no owner. A user's settings are the user's own. */
function possibleDepths({ logicalName, ownership }: TableModel): readonly PrivilegeDepth[] {
  if (ownership === 'UserOwned' || logicalName === 'usersettings')
    return ['Basic', 'Local', 'Deep', 'Global'];
  return ownership === 'BusinessOwned' ? ['Local', 'Deep', 'Global'] : ['Global'];
}

/** The id of a privilege. It is the same in all organizations. */
export function privilegeId(name: string): string {
  return guidOfNames('privilege', name.toLowerCase());
}
