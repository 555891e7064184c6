import { hash, randomBytes } from 'node:crypto';
import type { Clock, StateStore } from 'dynamics365-connector';
import { createIdMatcher } from 'dynamics365-connector/host';
import { parseStoredObject } from '../stored-object.ts';
import { createTurnCache } from '../turn-cache.ts';
import { isScope, type Scope } from './scopes.ts';

/** An API key as it is stored: never the key itself. */
export interface ApiKey {
  /** `key_` and 12 characters. Names the key in lists and logs. */
  readonly id: string;
  /** Who has the key. The page of a Connect link shows it. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Names of the connections that the key may use; `*` matches any text. */
  readonly connections: readonly string[];
  /** The sites to which a Connect link may return: `https://app.example.com`. */
  readonly returnOrigins: readonly string[];
  /** RFC 3339. */
  readonly createdAt: string;
}

/** What a new key may do. */
export interface NewApiKey {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Default: all connections. */
  readonly connections?: readonly string[];
  readonly returnOrigins?: readonly string[];
}

/** The API keys of a service. All processes that share the store know the same keys. */
export interface ApiKeys {
  /** Creates a key. `key` is not stored: it cannot be shown again. */
  create(options: NewApiKey): Promise<{ readonly key: string; readonly stored: ApiKey }>;
  /** The key that a request sent; undefined if it is unknown or revoked. */
  find(key: string): Promise<ApiKey | undefined>;
  list(): Promise<readonly ApiKey[]>;
  /** Returns false if there is no key with this id. */
  revoke(id: string): Promise<boolean>;
}

const prefix = 'service/key/';
const keyPattern = /^d365_[\w-]{43}$/;

/** A key has 256 random bits, so one round of SHA-256 keeps it safe in the store. */
const hashOf = (key: string) => hash('sha256', key, 'base64url');

/** The key in the header `Authorization: Bearer <key>`. */
export function readBearer(header = ''): string {
  return header.startsWith('Bearer d365_') ? header.slice(7) : header.replace(/^Bearer +/i, '');
}

/** Opens the API keys in a store. */
export function openApiKeys(store: StateStore, clock: Clock): ApiKeys {
  const found = createTurnCache(async (key) => {
    const entry = await store.get(`${prefix}${hashOf(key)}`);
    return entry && parseKey(entry.value);
  });
  const entries = async () => {
    const keys = await store.keys(prefix);
    return [...(await store.getMany(keys))].flatMap(([key, { value }]) => {
      const stored = parseKey(value);
      return stored === undefined ? [] : [{ key, stored }];
    });
  };
  return {
    async create({ name, scopes, connections = ['*'], returnOrigins = [] }) {
      const key = `d365_${randomBytes(32).toString('base64url')}`;
      const createdAt = new Date(clock.now()).toISOString();
      const id = `key_${randomBytes(9).toString('base64url')}`;
      const stored: ApiKey = { id, name, scopes, connections, returnOrigins, createdAt };
      await store.set(`${prefix}${hashOf(key)}`, JSON.stringify(stored));
      return { key, stored };
    },
    // Other texts are not hashed: a header can be long.
    find: async (key) => (keyPattern.test(key) ? await found.read(key) : undefined),
    list: async () =>
      (await entries()).map(({ stored }) => stored).sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1)),
    async revoke(id) {
      const entry = (await entries()).find(({ stored }) => stored.id === id);
      if (entry === undefined) return false;
      await store.delete(entry.key);
      found.clear();
      return true;
    },
  };
}

/** Whether a key may use a connection of this name. */
export function allowsConnection({ connections }: ApiKey, name: string): boolean {
  return connections.some((pattern) => pattern === '*' || createIdMatcher(pattern)(name));
}

/** A stored key that cannot be read is no key. */
function parseKey(text: string): ApiKey | undefined {
  const stored = parseStoredObject<Partial<ApiKey>>(text, { id: 'string', scopes: 'object' });
  if (stored?.id === undefined || !Array.isArray(stored.scopes)) return undefined;
  const { id, name = '', connections = [], returnOrigins = [], createdAt = '' } = stored;
  return { id, name, scopes: stored.scopes.filter(isScope), connections, returnOrigins, createdAt };
}
