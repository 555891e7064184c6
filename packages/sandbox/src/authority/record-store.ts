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
  /** Seconds since the epoch, by the system clock. */
  iat?: number;
  exp?: number;
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
  /** The code that the user enters for a device. */
  userCodeOf(deviceCode: string): string | undefined;
}

/** How refresh tokens behave. */
export interface RefreshTokenRules {
  /** Whether using a refresh token twice ends the session (RFC 9700). In Entra, a used refresh token stays valid. */
  readonly detectReuse: boolean;
  /** Throws when a refresh token must be rejected. */
  readonly checkRecord: (payload: OidcRecord) => void;
  /**
   * How far the clock of the authority is ahead of the system clock, in milliseconds. The provider compares the times
   * of records with the system clock, so they are shifted by what this has changed since a record was written.
   */
  readonly clockOffsetMs: () => number;
  /** Creates the code that a user enters for a device; the provider's own codes differ each time. */
  readonly newUserCode: () => string;
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

  const checkRefreshToken = (id: string): void => {
    const createError = invalidated.get(id);
    if (createError) throw createError();
    const record = recordsOfKind('RefreshToken').get(id);
    if (record) rules.checkRecord(record);
  };

  return {
    adapter(kind) {
      const records = recordsOfKind(kind);
      const adapter = createRecordAdapter(records, rules.clockOffsetMs);
      if (kind === 'DeviceCode') {
        return {
          ...adapter,
          upsert: (id, record) =>
            adapter.upsert(id, { ...record, userCode: records.get(id)?.userCode ?? rules.newUserCode() }),
        };
      }
      if (kind !== 'RefreshToken') return adapter;
      return {
        ...adapter,
        async find(id) {
          checkRefreshToken(id);
          return await adapter.find(id);
        },
        consume: async (id) => (rules.detectReuse ? adapter.consume(id) : undefined),
      };
    },
    invalidateRefreshTokens(createError, userId) {
      for (const [id, record] of recordsOfKind('RefreshToken')) {
        if (userId === undefined || record.accountId === userId) invalidated.set(id, createError);
      }
    },
    userCodeOf: (deviceCode) => recordsOfKind('DeviceCode').get(deviceCode)?.userCode,
  };
}

function createRecordAdapter(records: Map<string, OidcRecord>, clockOffsetMs: () => number): RecordAdapter {
  const writtenAtOffset = new WeakMap<OidcRecord, number>();
  const age = (record: OidcRecord | undefined): OidcRecord | undefined => {
    if (record === undefined) return undefined;
    const shift = Math.round((clockOffsetMs() - (writtenAtOffset.get(record) ?? 0)) / 1000);
    return { ...record, iat: subtract(record.iat, shift), exp: subtract(record.exp, shift) };
  };
  const findRecord = (test: (record: OidcRecord) => boolean) => age([...records.values()].find(test));
  return {
    async upsert(id, record) {
      writtenAtOffset.set(record, clockOffsetMs());
      records.set(id, record);
    },
    find: async (id) => age(records.get(id)),
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

function subtract(time: number | undefined, seconds: number): number | undefined {
  return time === undefined ? undefined : time - seconds;
}
