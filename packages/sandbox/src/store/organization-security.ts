import type { PrivilegeDepth } from '../model/privileges.ts';

/** The role template of System Administrator, the same in all organizations. */
export const administratorTemplateId = '627090ff-40a3-4053-8790-584edc5be201';
/** The role template of System Customizer. */
export const customizerTemplateId = '119f245c-3cc8-4b62-b31c-d1a046ced15d';

/** A privilege that a user has through a role. */
export interface Grant {
  readonly depth: PrivilegeDepth;
  /** The user, or the team that has the role. */
  readonly principal: { readonly table: string; readonly id: string };
  /** The business unit of the role. */
  readonly businessUnitId: string;
  /** Whether the basic level of a team's role also applies to the rows of its members. */
  readonly includesMembers: boolean;
}

/** A privilege that a role has. */
export interface RolePrivilege {
  readonly privilegeId: string;
  readonly depth: PrivilegeDepth;
}

/** A shared column of one row. */
export interface ColumnShare {
  readonly objectId: string;
  readonly attributeId: string;
  readonly principalIds: readonly string[];
  readonly right: 'readaccess' | 'updateaccess';
}

/** Reads roles, teams, business units and shares, and writes the privileges of roles. */
export interface OrganizationSecurity extends SecurityReader {
  /** Adds the rows of all privileges that are missing. */
  addPrivilegeRows(): void;
  /** Gives privileges to a role, or changes their access level. */
  grantPrivileges(roleId: string, privileges: readonly RolePrivilege[]): void;
  /** Takes privileges from a role; without ids all of them. */
  revokePrivileges(roleId: string, privilegeIds?: readonly string[]): void;
}

/** A column that identifies a user: its key, that of its account, or that of its app. */
export type MemberColumn = 'systemuserid' | 'azureactivedirectoryobjectid' | 'applicationid';

/** A user of the organization. */
export interface Member {
  readonly id: string;
  readonly isDisabled: boolean;
}

/** Reads users, roles, teams, business units and shares. */
export interface SecurityReader {
  /** The user with this id, in lower case; undefined when there is none. */
  memberOf(column: MemberColumn, id: string): Member | undefined;
  /** Whether a user has the role System Administrator, also through a team. */
  isAdministrator(userId: string): boolean;
  /** The grants of a privilege through the roles of a user and of its teams, or of a team. */
  grantsOf(userId: string, privilegeId: string): readonly Grant[];
  /** Ids of the roles of a user, without those of its teams. */
  rolesOf(userId: string): readonly string[];
  /** Ids of the roles of a user and of its teams, or of a team. */
  allRolesOf(principalId: string): readonly string[];
  /** Whether a user has a role, also through a team. */
  hasRole(userId: string): boolean;
  /** The numbers of roles and of privileges of a user. */
  countsOf(userId: string): { readonly roles: number; readonly privileges: number };
  /** Ids of the teams of a user. */
  teamsOf(userId: string): readonly string[];
  /** Ids of the column security profiles of a user and of its teams. */
  columnProfilesOf(userId: string): readonly string[];
  /** Ids of a business unit and all below it. */
  businessUnitsUnder(id: string): readonly string[];
  /** The privileges of a role. A role of another business unit than the root has those of the role it is a copy of. */
  privilegesOf(roleId: string): readonly RolePrivilege[];
  /** Whether the values of a column of a row are shared with any of these users and teams. */
  sharesColumn(share: ColumnShare): boolean;
  /** The rights with which a row is shared with any of these users and teams, as bits. */
  sharedRights(objectId: string, principalIds: readonly string[]): number;
}
