import type { EntraOAuthError } from './entra-oauth-error.ts';

/** A record of the OAuth library: a session, a code, a refresh token. Only these members are read here. */
export interface OidcRecord {
  [member: string]: unknown;
  accountId?: string;
  clientId?: string;
  grantId?: string;
  userCode?: string;
  uid?: string;
  consumed?: unknown;
}

/** What the library calls an adapter: its door to one kind of record. */
export interface RecordAdapter {
  upsert(id: string, payload: OidcRecord): Promise<void>;
  find(id: string): Promise<OidcRecord | undefined>;
  findByUserCode(userCode: string): Promise<OidcRecord | undefined>;
  findByUid(uid: string): Promise<OidcRecord | undefined>;
  consume(id: string): Promise<void>;
  destroy(id: string): Promise<void>;
  revokeByGrantId(grantId: string): Promise<void>;
}

/** The authority's memory. */
export interface RecordStore {
  /** The shelf of one kind of record: `Session`, `RefreshToken`. */
  adapter(kind: string): RecordAdapter;
  /** Makes the refresh tokens there are now answer with this refusal; of everybody, or of one user. */
  invalidateRefreshTokens(createError: () => EntraOAuthError, userId?: string): void;
}

/** How refresh tokens behave. */
export interface RefreshTokenRules {
  /** A used refresh token is dead, and using it again kills the sign-in (RFC 9700). Entra: no, the old one stays good. */
  readonly detectReuse: boolean;
  /** Throws when a refresh token must not be honored now. */
  readonly checkRecord: (payload: OidcRecord) => void;
}

/** Makes an empty memory. It lives as long as the sandbox and forgets nothing by itself. */
export function createRecordStore(rules: RefreshTokenRules): RecordStore {
  const recordsByKind = new Map<string, Map<string, OidcRecord>>();
  const invalidated = new Map<string, () => EntraOAuthError>();

  const recordsOfKind = (kind: string): Map<string, OidcRecord> => {
    const existing = recordsByKind.get(kind) ?? new Map<string, OidcRecord>();
    recordsByKind.set(kind, existing);
    return existing;
  };

  const findRefreshToken = (id: string): OidcRecord | undefined => {
    const createError = invalidated.get(id);
    if (createError) throw createError();
    const record = recordsOfKind('RefreshToken').get(id);
    if (record) rules.checkRecord(record);
    return record;
  };

  return {
    adapter(kind) {
      const records = recordsOfKind(kind);
      const isRefresh = kind === 'RefreshToken';
      const first = (test: (payload: OidcRecord) => boolean) => [...records.values()].find(test);
      return {
        upsert: async (id, payload) => void records.set(id, payload),
        find: async (id) => (isRefresh ? findRefreshToken(id) : records.get(id)),
        findByUserCode: async (userCode) => first((payload) => payload.userCode === userCode),
        findByUid: async (uid) => first((payload) => payload.uid === uid),
        destroy: async (id) => void records.delete(id),
        async consume(id) {
          const payload = records.get(id);
          if (payload && (!isRefresh || rules.detectReuse)) payload.consumed = true;
        },
        async revokeByGrantId(grantId) {
          for (const [id, payload] of records) if (payload.grantId === grantId) records.delete(id);
        },
      };
    },
    invalidateRefreshTokens(createError, userId) {
      for (const [id, record] of recordsOfKind('RefreshToken')) {
        if (userId === undefined || record.accountId === userId) invalidated.set(id, createError);
      }
    },
  };
}
