import type { Filter } from 'dynamics365-connector/odata';
import type { OrganizationStore, StoredRow } from '../store/types.ts';
import type { Caller, Privilege, WebApiRequest } from '../web-api/types.ts';
import type { VerifiedToken } from './verify-token.ts';

/** Who belongs to an organization: its `systemuser` rows, and who of them may read everything. */
export interface OrganizationMembers {
  /**
   * The member that a request acts as: the token's user (found by its object id) or application user (by its
   * client id), or whoever it impersonates with `CallerObjectId` or `MSCRMCallerID`. Undefined when there is no
   * such row, or it is disabled.
   */
  resolveCaller(token: VerifiedToken, headers: WebApiRequest['headers']): Caller | undefined;
  /** `systemuserid` of somebody in the directory. */
  findSystemUserId(person: { readonly objectId: string }): string | undefined;
  /** Gives or takes the privilege to read all rows of the organization; everybody has it at first. */
  setOrganizationRead(userId: string, allowed: boolean): void;
  /** Gives or takes another privilege; everybody has it at first. */
  setPrivilege(userId: string, privilege: Privilege, granted: boolean): void;
}

const nullActor = { userId: '00000000-0000-0000-0000-000000000000' };

/** Looks members up in a store, each time anew: rows come and go while the sandbox runs. */
export function createOrganizationMembers(store: OrganizationStore): OrganizationMembers {
  const withoutOrganizationRead = new Set<string>();
  const missingPrivileges = new Map<string, ReadonlySet<Privilege>>();
  const missingPrivilegesOf = (userId: string): ReadonlySet<Privilege> =>
    missingPrivileges.get(userId) ?? new Set();
  const findBy = (column: string, id: string): StoredRow | undefined =>
    store.query('systemuser', {
      filter: columnEquals(column, id),
      select: ['isdisabled'],
      pageSize: 1,
      actor: nullActor,
    }).rows[0];
  const toCaller = (row: StoredRow | undefined): Caller | undefined =>
    row && row.values.isdisabled !== true
      ? {
          userId: row.id,
          organizationRead: !withoutOrganizationRead.has(row.id),
          isMember: true,
          missingPrivileges: missingPrivilegesOf(row.id),
        }
      : undefined;

  return {
    resolveCaller(token, headers) {
      const tokenCaller = toCaller(
        token.isApp
          ? findBy('applicationid', token.clientId)
          : findBy('azureactivedirectoryobjectid', token.objectId),
      );
      const { callerobjectid, mscrmcallerid } = headers;
      if (!tokenCaller || (callerobjectid === undefined && mscrmcallerid === undefined)) return tokenCaller;
      const impersonated = toCaller(
        callerobjectid === undefined
          ? findBy('systemuserid', mscrmcallerid ?? '')
          : findBy('azureactivedirectoryobjectid', callerobjectid),
      );
      // Impersonation never gives more than both have (Dataverse: the intersection of their privileges).
      return (
        impersonated && {
          ...impersonated,
          organizationRead: tokenCaller.organizationRead && impersonated.organizationRead,
          missingPrivileges: new Set([
            ...missingPrivilegesOf(tokenCaller.userId),
            ...missingPrivilegesOf(impersonated.userId),
          ]),
          delegate: {
            userId: tokenCaller.userId,
            missingPrivileges: missingPrivilegesOf(tokenCaller.userId),
          },
        }
      );
    },
    findSystemUserId: ({ objectId }) => findBy('azureactivedirectoryobjectid', objectId)?.id,
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

function columnEquals(column: string, id: string): Filter {
  const noSpan = { start: 0, end: 0 };
  const isGuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
  return {
    kind: 'compare',
    operator: 'eq',
    left: { kind: 'path', segments: [column], ...noSpan },
    // What is not an id is nobody's.
    right: { kind: 'guid', text: isGuid ? id.toLowerCase() : nullActor.userId, ...noSpan },
    ...noSpan,
  };
}
