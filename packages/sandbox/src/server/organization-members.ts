import { nullGuid, parseGuid } from '../guid.ts';
import { columnEquals, guidLiteral } from '../store/query/filter-nodes.ts';
import type { OrganizationStore, StoredRow } from '../store/types.ts';
import type { Caller, Privilege, WebApiRequest } from '../web-api/types.ts';
import type { VerifiedToken } from './verify-token.ts';

/** The members of an organization (its `systemuser` rows) and their privileges. */
export interface OrganizationMembers {
  /**
   * The member that a request acts as: the user or application user of the token, or the user that it impersonates with
   * `CallerObjectId` or `MSCRMCallerID`. Undefined when there is no such row or it is disabled.
   */
  resolveCaller(token: VerifiedToken, headers: WebApiRequest['headers']): Caller | undefined;
  /** The `systemuserid` of a user or app; undefined when it is not a member. */
  findSystemUserId(principal: { readonly objectId: string }): string | undefined;
  /** Grants or removes organization-level read access. Each member has it at first. */
  setOrganizationRead(userId: string, allowed: boolean): void;
  /** Grants or removes another privilege. Each member has all of them at first. */
  setPrivilege(userId: string, privilege: Privilege, granted: boolean): void;
}

/** Looks members up in a store at each call, because rows can change at any time. */
export function createOrganizationMembers(store: OrganizationStore): OrganizationMembers {
  const withoutOrganizationRead = new Set<string>();
  const missingPrivileges = new Map<string, ReadonlySet<Privilege>>();
  const missingPrivilegesOf = (userId: string) => missingPrivileges.get(userId) ?? new Set<Privilege>();
  const findCaller = (column: MemberColumn, id: string): Caller | undefined => {
    const row = findMember(store, column, id);
    if (!row || row.values.isdisabled === true) return undefined;
    return {
      userId: row.id,
      organizationRead: !withoutOrganizationRead.has(row.id),
      isMember: true,
      missingPrivileges: missingPrivilegesOf(row.id),
    };
  };
  return {
    resolveCaller(token, { callerobjectid, mscrmcallerid }) {
      const caller = token.isApp
        ? findCaller('applicationid', token.clientId)
        : findCaller('azureactivedirectoryobjectid', token.objectId);
      if (!caller || (callerobjectid === undefined && mscrmcallerid === undefined)) return caller;
      const impersonated =
        callerobjectid === undefined
          ? findCaller('systemuserid', mscrmcallerid ?? '')
          : findCaller('azureactivedirectoryobjectid', callerobjectid);
      return impersonated && impersonate(caller, impersonated);
    },
    findSystemUserId: ({ objectId }) => findMember(store, 'azureactivedirectoryobjectid', objectId)?.id,
    setOrganizationRead(userId, allowed) {
      if (allowed) withoutOrganizationRead.delete(userId);
      else withoutOrganizationRead.add(userId);
    },
    setPrivilege(userId, privilege, granted) {
      const others = [...missingPrivilegesOf(userId)].filter((each) => each !== privilege);
      missingPrivileges.set(userId, new Set(granted ? others : [...others, privilege]));
    },
  };
}

type MemberColumn = 'applicationid' | 'azureactivedirectoryobjectid' | 'systemuserid';

/** The member with this id; undefined when there is none or the text is not a GUID. */
function findMember(store: OrganizationStore, column: MemberColumn, id: string): StoredRow | undefined {
  const { rows } = store.query('systemuser', {
    filter: columnEquals(column, guidLiteral(parseGuid(id) ?? nullGuid)),
    select: ['isdisabled'],
    pageSize: 1,
    actor: { userId: nullGuid },
  });
  return rows[0];
}

/** Impersonation gives only the privileges that both users have. */
function impersonate(caller: Caller, impersonated: Caller): Caller {
  const callerMissing = caller.missingPrivileges ?? new Set<Privilege>();
  const impersonatedMissing = impersonated.missingPrivileges ?? new Set<Privilege>();
  return {
    ...impersonated,
    organizationRead: caller.organizationRead && impersonated.organizationRead,
    missingPrivileges: new Set([...callerMissing, ...impersonatedMissing]),
    delegate: { userId: caller.userId, missingPrivileges: callerMissing },
  };
}
