import type { EntraOAuthError } from './entra-oauth-error.ts';

/** A record of the OIDC provider, for example a session, a code or a refresh token. */
export interface OidcRecord {
  [member: string]: unknown;
  accountId?: string;
  clientId?: string;
  grantId?: string;
  userCode?: string;
  uid?: string;
  consumed?: unknown;
}

/** An adapter of the OIDC provider: it stores one kind of record. */
export interface RecordAdapter {
  upsert(id: string, payload: OidcRecord): Promise<void>;
  find(id: string): Promise<OidcRecord | undefined>;
  findByUserCode(userCode: string): Promise<OidcRecord | undefined>;
  findByUid(uid: string): Promise<OidcRecord | undefined>;
  consume(id: string): Promise<void>;
  destroy(id: string): Promise<void>;
  revokeByGrantId(grantId: string): Promise<void>;
}

/** All records of the authority. */
export interface RecordStore {
  /** The adapter of one kind of record, for example `Session` or `RefreshToken`. */
  adapter(kind: string): RecordAdapter;
  /** Makes the refresh tokens issued so far fail with this error, those of one user or all. */
  invalidateRefreshTokens(createError: () => EntraOAuthError, userId?: string): void;
}

/** How refresh tokens behave. */
export interface RefreshTokenRules {
  /** Whether using a refresh token twice ends the session (RFC 9700). In Entra, a used refresh token stays valid. */
  readonly detectReuse: boolean;
  /** Throws when a refresh token must be rejected. */
  readonly checkRecord: (payload: OidcRecord) => void;
}

/** Creates an empty store in memory. Records are kept until the sandbox is closed. */
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
      if (kind !== 'RefreshToken') return createRecordAdapter(records);
      const adapter = createRecordAdapter(records);
      return {
        ...adapter,
        find: async (id) => findRefreshToken(id),
        consume: async (id) => (rules.detectReuse ? adapter.consume(id) : undefined),
      };
    },
    invalidateRefreshTokens(createError, userId) {
      for (const [id, record] of recordsOfKind('RefreshToken')) {
        if (userId === undefined || record.accountId === userId) invalidated.set(id, createError);
      }
    },
  };
}

function createRecordAdapter(records: Map<string, OidcRecord>): RecordAdapter {
  const findRecord = (test: (record: OidcRecord) => boolean) => [...records.values()].find(test);
  return {
    upsert: async (id, record) => void records.set(id, record),
    find: async (id) => records.get(id),
    findByUserCode: async (userCode) => findRecord((record) => record.userCode === userCode),
    findByUid: async (uid) => findRecord((record) => record.uid === uid),
    destroy: async (id) => void records.delete(id),
    async consume(id) {
      const record = records.get(id);
      if (record) record.consumed = true;
    },
    async revokeByGrantId(grantId) {
      for (const [id, record] of records) if (record.grantId === grantId) records.delete(id);
    },
  };
}
