import { nullGuid, parseGuid } from '../guid.ts';
import { CallerAccess } from '../security/caller-access.ts';
import type { Member, MemberColumn } from '../store/organization-security.ts';
import type { OrganizationStore } from '../store/types.ts';
import type { Caller, WebApiRequest } from '../web-api/types.ts';
import type { VerifiedToken } from './verify-token.ts';

/** The members of an organization: its `systemuser` rows. */
export interface OrganizationMembers {
  /**
   * The member that a request acts as: the user or application user of the token, or the user that it impersonates with
   * `CallerObjectId` or `MSCRMCallerID`. Undefined when there is no such row or it is disabled.
   */
  resolveCaller(token: VerifiedToken, headers: WebApiRequest['headers']): Caller | undefined;
  /** The `systemuserid` of a user or app; undefined when it is not a member. */
  findSystemUserId(principal: { readonly objectId: string }): string | undefined;
}

/** Looks members up in a store at each call, because rows can change at any time. */
export function createOrganizationMembers(store: OrganizationStore): OrganizationMembers {
  const findId = (column: MemberColumn, id: string): string | undefined => {
    const member = findMember(store, column, id);
    return member?.isDisabled === false ? member.id : undefined;
  };
  return {
    resolveCaller(token, { callerobjectid, mscrmcallerid }) {
      const userId = token.isApp
        ? findId('applicationid', token.clientId)
        : findId('azureactivedirectoryobjectid', token.objectId);
      if (!userId) return undefined;
      const caller = createCaller(store, userId);
      if (callerobjectid === undefined && mscrmcallerid === undefined) return caller;
      const impersonatedId =
        callerobjectid === undefined
          ? findId('systemuserid', mscrmcallerid ?? '')
          : findId('azureactivedirectoryobjectid', callerobjectid);
      return impersonatedId === undefined
        ? undefined
        : { ...createCaller(store, impersonatedId, caller.access), delegate: caller };
    },
    findSystemUserId: ({ objectId }) => findMember(store, 'azureactivedirectoryobjectid', objectId)?.id,
  };
}

/** A caller has the privileges of its roles; impersonation gives only the privileges that both users have. */
export function createCaller(store: OrganizationStore, userId: string, impersonator?: CallerAccess): Caller {
  const isUnlimited = !impersonator && store.security.isAdministrator(userId);
  const access = isUnlimited ? undefined : new CallerAccess(store, userId, impersonator);
  return { userId, isMember: true, access };
}

/** The member with this id; undefined when there is none or the text is not a GUID. */
function findMember({ security }: OrganizationStore, column: MemberColumn, id: string): Member | undefined {
  return security.memberOf(column, parseGuid(id) ?? nullGuid);
}
