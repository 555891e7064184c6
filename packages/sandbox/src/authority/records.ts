import type { EntraRefusal } from './entra-refusal.ts';

/** A record of the OAuth library: a session, a code, a refresh token. Only these members are read here. */
export interface Payload {
  [member: string]: unknown;
  accountId?: string;
  clientId?: string;
  grantId?: string;
  userCode?: string;
  uid?: string;
  consumed?: unknown;
}

/** What the library calls an adapter: its door to one kind of record. */
export interface RecordShelf {
  upsert(id: string, payload: Payload): Promise<void>;
  find(id: string): Promise<Payload | undefined>;
  findByUserCode(userCode: string): Promise<Payload | undefined>;
  findByUid(uid: string): Promise<Payload | undefined>;
  consume(id: string): Promise<void>;
  destroy(id: string): Promise<void>;
  revokeByGrantId(grantId: string): Promise<void>;
}

/** The authority's memory. */
export interface Records {
  /** The shelf of one kind of record: `Session`, `RefreshToken`. */
  shelf(kind: string): RecordShelf;
  /** Makes the refresh tokens there are now answer with this refusal; of everybody, or of one user. */
  spoilRefreshTokens(refusal: () => EntraRefusal, userId?: string): void;
}

/** How refresh tokens behave. */
export interface RefreshRules {
  /** A used refresh token is dead, and using it again kills the sign-in (RFC 9700). Entra: no, the old one stays good. */
  readonly strictReuse: boolean;
  /** Throws when a refresh token must not be honoured now. */
  readonly check: (payload: Payload) => void;
}

/** Makes an empty memory. It lives as long as the sandbox and forgets nothing by itself. */
export function createRecords(rules: RefreshRules): Records {
  const shelves = new Map<string, Map<string, Payload>>();
  const spoiled = new Map<string, () => EntraRefusal>();

  const payloadsOf = (kind: string): Map<string, Payload> => {
    const known = shelves.get(kind) ?? new Map<string, Payload>();
    shelves.set(kind, known);
    return known;
  };

  const findRefreshToken = (id: string): Payload | undefined => {
    const refusal = spoiled.get(id);
    if (refusal) throw refusal();
    const payload = payloadsOf('RefreshToken').get(id);
    if (payload) rules.check(payload);
    return payload;
  };

  return {
    shelf(kind) {
      const payloads = payloadsOf(kind);
      const isRefresh = kind === 'RefreshToken';
      const first = (test: (payload: Payload) => boolean) => [...payloads.values()].find(test);
      return {
        upsert: async (id, payload) => void payloads.set(id, payload),
        find: async (id) => (isRefresh ? findRefreshToken(id) : payloads.get(id)),
        findByUserCode: async (userCode) => first((payload) => payload.userCode === userCode),
        findByUid: async (uid) => first((payload) => payload.uid === uid),
        destroy: async (id) => void payloads.delete(id),
        async consume(id) {
          const payload = payloads.get(id);
          if (payload && (!isRefresh || rules.strictReuse)) payload.consumed = true;
        },
        async revokeByGrantId(grantId) {
          for (const [id, payload] of payloads) if (payload.grantId === grantId) payloads.delete(id);
        },
      };
    },
    spoilRefreshTokens(refusal, userId) {
      for (const [id, payload] of payloadsOf('RefreshToken')) {
        if (userId === undefined || payload.accountId === userId) spoiled.set(id, refusal);
      }
    },
  };
}
