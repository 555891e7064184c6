import {
  type OtherPrivilegeName,
  otherPrivileges,
  type Privilege,
  type PrivilegeDepth,
  type PrivilegeVerb,
  privilegeId,
  tablePrivileges,
} from '../model/privileges.ts';
import type { Model, TableModel } from '../model/types.ts';
import {
  administratorTemplateId,
  customizerTemplateId,
  type RolePrivilege,
} from '../store/organization-security.ts';

/**
 * Access levels of a table in the order Create, Read, Write, Delete, Append, AppendTo, Assign, Share: `B` basic, `L`
 * local, `D` deep, `G` global, `-` none.
 */
type Levels = string;

/** A role that every organization has. */
export interface StandardRole {
  readonly name: string;
  readonly templateId?: string;
  /** Levels by group of tables or by table. */
  readonly tables: Readonly<Record<string, Levels>>;
  readonly others: 'all' | readonly OtherPrivilegeName[];
}

const groups: Readonly<Record<string, readonly string[]>> = {
  customers: ['account', 'contact', 'customeraddress', 'socialprofile'],
  records: ['activitypointer', 'annotation', 'connection', 'feedback', 'goal', 'post', 'userquery'],
  jobs: ['asyncoperation', 'bulkdeleteoperation'],
  service: [
    ...['incident', 'queueitem', 'slakpiinstance', 'knowledgearticleincident', 'knowledgearticleviews'],
    ...['msfp_surveyinvite', 'msfp_questionresponse'],
  ],
  serviceSetup: [
    ...['queue', 'sla', 'slaitem', 'entitlement', 'entitlementchannel', 'knowledgearticle', 'category'],
    ...['contract', 'template', 'msfp_survey', 'msfp_question'],
  ],
  sales: ['lead', 'opportunity', 'quote', 'salesorder', 'invoice', 'campaign', 'list'],
};

const verbOrder: readonly PrivilegeVerb[] = [
  ...(['Create', 'Read', 'Write', 'Delete', 'Append', 'AppendTo', 'Assign', 'Share'] as const),
];
const levelNames: Readonly<Record<string, PrivilegeDepth | undefined>> = {
  B: 'Basic',
  L: 'Local',
  D: 'Deep',
  G: 'Global',
};

/** The metadata that all roles may read, and what all users of the apps may do. */
const common: readonly OtherPrivilegeName[] = [
  ...(['prvReadEntity', 'prvReadAttribute', 'prvReadRelationship', 'prvReadOptionSet'] as const),
  ...(['prvExportToExcel', 'prvSearchAvailability', 'prvMerge'] as const),
];

const userTables = {
  BusinessOwned: '-G---G--',
  OrganizationOwned: '-G---G--',
  usersettings: '-BB-----',
  customers: 'BBBBBBBB',
  records: 'BBBBBBBB',
  jobs: 'BBBBBBBB',
} as const;

/** The role that may do everything. */
export const administratorRole: StandardRole = {
  name: 'System Administrator',
  templateId: administratorTemplateId,
  tables: { UserOwned: 'GGGGGGGG', BusinessOwned: 'GGGGGGGG', OrganizationOwned: 'GGGGGGGG' },
  others: 'all',
};

/** The roles of every organization. Access levels are like those of Dynamics 365. */
export const standardRoles: readonly StandardRole[] = [
  administratorRole,
  {
    name: 'System Customizer',
    templateId: customizerTemplateId,
    tables: { UserOwned: 'BBBBBBBB', BusinessOwned: '-G---G--', OrganizationOwned: 'GGGGGGGG' },
    others: otherPrivileges
      .map(({ name }) => name as OtherPrivilegeName)
      .filter((name) => /(Entity|Attribute|Relationship|OptionSet|Customization)$/.test(name)),
  },
  { name: 'Basic User', tables: userTables, others: common },
  { name: 'Delegate', tables: {}, others: ['prvActOnBehalfOfAnotherUser'] },
  {
    name: 'Customer Service Representative',
    tables: {
      ...userTables,
      customers: 'BGB-GGBB',
      records: 'BGBBBGBB',
      service: 'BGBBBGBB',
      serviceSetup: '-G---G--',
    },
    others: common,
  },
  {
    name: 'CSR Manager',
    tables: {
      ...userTables,
      customers: 'LGLLGGLL',
      records: 'LGLLLGLL',
      service: 'LGLLLGLL',
      serviceSetup: 'LGLLLGLL',
    },
    others: [...common, 'prvBulkDelete', 'prvReadAuditSummary', 'prvReadRecordAuditHistory'],
  },
  {
    name: 'Salesperson',
    tables: { ...userTables, customers: 'BGBBGGBB', records: 'BGBBBGBB', sales: 'BLBBBLBB' },
    others: common,
  },
  {
    name: 'Sales Manager',
    tables: { ...userTables, customers: 'LGLLGGLL', records: 'LGLLLGLL', sales: 'LGLLLGLL' },
    others: [...common, 'prvBulkDelete'],
  },
];

/** The tables of a model with their privileges. */
export type TablesWithPrivileges = readonly (readonly [TableModel, readonly Privilege[]])[];

export const withPrivileges = ({ tables }: Model): TablesWithPrivileges =>
  [...tables.values()].map((table) => [table, tablePrivileges(table)]);

/** The privileges of a standard role for these tables. */
export function standardPrivileges(
  role: StandardRole,
  tables: TablesWithPrivileges,
): readonly RolePrivilege[] {
  const { others } = role;
  const plain = otherPrivileges.filter(
    ({ name }) => others === 'all' || others.some((each) => each === name),
  );
  const byId = new Map<string, RolePrivilege>();
  for (const { id } of plain) byId.set(id, { privilegeId: id, depth: 'Global' });
  for (const [table, privileges] of tables) {
    const levels = levelsOf(role, table);
    if (levels === undefined) continue;
    for (const privilege of privileges) {
      const depth = depthOf(privilege, levels);
      if (depth && !byId.has(privilege.id)) byId.set(privilege.id, { privilegeId: privilege.id, depth });
    }
  }
  return [...byId.values()];
}

/** The levels of a table: its own, those of its group, or those of its kind of owner. */
function levelsOf({ tables }: StandardRole, table: TableModel): Levels | undefined {
  const { logicalName, base, ownership } = table;
  const names = [logicalName, base].flatMap((name) => [
    name,
    ...Object.keys(groups).filter((group) => groups[group]?.includes(name)),
  ]);
  const found = [...names, ownership].find((name) => tables[name] !== undefined);
  return found === undefined ? undefined : tables[found];
}

/** The level of a privilege, raised to the lowest one that it can have. */
function depthOf({ verb, depths }: Privilege, levels: Levels): PrivilegeDepth | undefined {
  if (!verb) return undefined;
  const wanted = levelNames[levels[verbOrder.indexOf(verb)] ?? '-'];
  if (!wanted || depths.includes(wanted)) return wanted;
  return depths[0];
}

/** What a new role may do. */
export const newRolePrivileges: readonly RolePrivilege[] = [
  ...['prvReadSdkMessage', 'prvReadSdkMessageProcessingStep', 'prvReadPluginType'],
].map((name) => ({ privilegeId: privilegeId(name), depth: 'Global' }));
