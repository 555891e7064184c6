import type { Filter } from 'dynamics365-connector/odata';
import type { Caller, OrgRequest, Privilege } from '../protocol/types.ts';
import type { Row, Store } from '../store/types.ts';
import type { TokenFacts } from './token-check.ts';

/** Who belongs to an organisation: its `systemuser` rows, and who of them may read everything. */
export interface Members {
  /**
   * The member that a request acts as: the token's user (found by its object id) or application user (by its
   * client id), or whoever it impersonates with `CallerObjectId` or `MSCRMCallerID`. Undefined when there is no
   * such row, or it is disabled.
   */
  callerOf(token: TokenFacts, headers: OrgRequest['headers']): Caller | undefined;
  /** `systemuserid` of somebody in the directory. */
  userIdOf(person: { readonly objectId: string }): string | undefined;
  /** Gives or takes the privilege to read all rows of the organisation; everybody has it at first. */
  setOrganisationRead(userId: string, may: boolean): void;
  /** Gives or takes another privilege; everybody has it at first. */
  setPrivilege(userId: string, privilege: Privilege, may: boolean): void;
}

const NOBODY = { userId: '00000000-0000-0000-0000-000000000000' };

/** Looks members up in a store, each time anew: rows come and go while the sandbox runs. */
export function createMembers(store: Store): Members {
  const withoutOrganisationRead = new Set<string>();
  const lacks = new Map<string, ReadonlySet<Privilege>>();
  const lackOf = (userId: string): ReadonlySet<Privilege> => lacks.get(userId) ?? new Set();
  const findBy = (column: string, id: string): Row | undefined =>
    store.query('systemuser', {
      filter: equals(column, id),
      select: ['isdisabled'],
      pageSize: 1,
      actor: NOBODY,
    }).rows[0];
  const callerFrom = (row: Row | undefined): Caller | undefined =>
    row && row.values.isdisabled !== true
      ? {
          userId: row.id,
          organisationRead: !withoutOrganisationRead.has(row.id),
          member: true,
          lacks: lackOf(row.id),
        }
      : undefined;

  return {
    callerOf(token, headers) {
      const own = callerFrom(
        token.isApp
          ? findBy('applicationid', token.clientId)
          : findBy('azureactivedirectoryobjectid', token.objectId),
      );
      const { callerobjectid, mscrmcallerid } = headers;
      if (!own || (callerobjectid === undefined && mscrmcallerid === undefined)) return own;
      const other = callerFrom(
        callerobjectid === undefined
          ? findBy('systemuserid', mscrmcallerid ?? '')
          : findBy('azureactivedirectoryobjectid', callerobjectid),
      );
      // Impersonation never gives more than both have (Dataverse: the intersection of their privileges).
      return (
        other && {
          ...other,
          organisationRead: own.organisationRead && other.organisationRead,
          lacks: new Set([...lackOf(own.userId), ...lackOf(other.userId)]),
          delegate: { userId: own.userId, lacks: lackOf(own.userId) },
        }
      );
    },
    userIdOf: ({ objectId }) => findBy('azureactivedirectoryobjectid', objectId)?.id,
    setOrganisationRead(userId, may) {
      if (may) withoutOrganisationRead.delete(userId);
      else withoutOrganisationRead.add(userId);
    },
    setPrivilege(userId, privilege, may) {
      const others = [...lackOf(userId)].filter((each) => each !== privilege);
      lacks.set(userId, new Set(may ? others : [...others, privilege]));
    },
  };
}

function equals(column: string, id: string): Filter {
  const place = { start: 0, end: 0 };
  const isGuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
  return {
    kind: 'compare',
    operator: 'eq',
    left: { kind: 'path', segments: [column], ...place },
    // What is not an id is nobody's.
    right: { kind: 'guid', text: isGuid ? id.toLowerCase() : NOBODY.userId, ...place },
    ...place,
  };
}
