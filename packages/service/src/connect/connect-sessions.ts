import { createHash, randomBytes } from 'node:crypto';
import type { ClientApplication, Clock, Secret, StateStore, Vault } from 'dynamics365-connector';
import { omitUndefined } from 'dynamics365-connector/host';
import { parseStoredObject } from '../stored-object.ts';

/** A request to connect an organization. Its link signs one person in, once. */
export interface ConnectSession {
  /** The connection that is created or signed in again. */
  readonly connection: string;
  readonly orgUrl: string;
  readonly tenant?: string;
  /** Where the browser goes afterwards. */
  readonly returnUrl?: string;
  /** Who asks: the name of the API key. */
  readonly requestedBy: string;
  /** The app registration of the customer; its secret is in the vault. */
  readonly clientId?: string;
  /** Set when a browser has opened the link: it alone can finish. The hash of its cookie. */
  readonly browser?: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface NewConnectSession extends Omit<ConnectSession, 'browser' | 'expiresAt'> {
  readonly clientSecret?: Secret;
}

/** The open connect sessions. Tokens are stored as hashes, secrets encrypted. */
export interface ConnectSessions {
  create(session: NewConnectSession): Promise<{ readonly token: string; readonly expiresAt: number }>;
  /** The session of a token; undefined if there is none, or if it has ended. */
  find(token: string): Promise<ConnectSession | undefined>;
  /** The app registration of the session; undefined if it has none of its own. */
  appOf(token: string, session: ConnectSession): Promise<ClientApplication | undefined>;
  /**
   * Gives the session to a browser and returns the value of its cookie; undefined if another browser has it or the
   * session has ended.
   */
  claim(token: string, cookie: string | undefined): Promise<string | undefined>;
  /** Ends the session, so that its link cannot be used again. Returns false if it had ended. */
  end(token: string): Promise<boolean>;
  /** Deletes sessions that have ended. */
  sweep(): Promise<void>;
}

export const connectSessionMs = 30 * 60_000;
const prefix = 'service/connect/';
const tokenPattern = /^[\w-]{32}$/;
const digest = (text: string) => createHash('sha256').update(text).digest('base64url');
const secretName = (hash: string) => ({ connection: `service-connect-${hash}`, field: 'secret' });

/** Opens the connect sessions in a store and its vault. All processes that share them know the same sessions. */
export function openConnectSessions(services: {
  readonly store: StateStore;
  readonly vault: Vault;
  readonly clock: Clock;
}): ConnectSessions {
  const { store, vault, clock } = services;
  const read = async (token: string) => {
    const entry = tokenPattern.test(token) ? await store.get(`${prefix}${digest(token)}`) : undefined;
    if (entry === undefined) return undefined;
    const session = parseSession(entry.value);
    return session && session.expiresAt > clock.now() ? { session, version: entry.version } : undefined;
  };
  const remove = async (hash: string) => {
    await vault.delete(secretName(hash));
    await store.delete(`${prefix}${hash}`);
  };
  return {
    async create({ clientSecret, ...session }) {
      const token = randomBytes(24).toString('base64url');
      const expiresAt = clock.now() + connectSessionMs;
      const hash = digest(token);
      if (clientSecret !== undefined) await vault.write(secretName(hash), clientSecret);
      await store.set(`${prefix}${hash}`, JSON.stringify({ ...session, expiresAt }));
      return { token, expiresAt };
    },
    find: async (token) => (await read(token))?.session,
    async appOf(token, { clientId }) {
      if (clientId === undefined) return undefined;
      const secret = await vault.read(secretName(digest(token)));
      return omitUndefined({ clientId, clientSecret: secret?.secret });
    },
    async claim(token, cookie) {
      const found = await read(token);
      if (found === undefined) return undefined;
      const { session, version } = found;
      if (session.browser !== undefined)
        return cookie && digest(cookie) === session.browser ? cookie : undefined;
      const value = randomBytes(24).toString('base64url');
      const claimed = JSON.stringify({ ...session, browser: digest(value) });
      return (await store.replace(`${prefix}${digest(token)}`, claimed, version)) ? value : undefined;
    },
    async end(token) {
      if ((await read(token)) === undefined) return false;
      await remove(digest(token));
      return true;
    },
    async sweep() {
      for (const key of await store.keys(prefix)) {
        const entry = await store.get(key);
        const endsAt = entry && (parseSession(entry.value)?.expiresAt ?? 0);
        if (endsAt !== undefined && endsAt <= clock.now()) await remove(key.slice(prefix.length));
      }
    },
  };
}

/** A stored session that cannot be read has ended. */
const parseSession = (text: string) =>
  parseStoredObject<ConnectSession>(text, { connection: 'string', orgUrl: 'string', expiresAt: 'number' });

/** Whether a cookie belongs to the browser that has the session. */
export function isBrowserOf({ browser }: ConnectSession, cookie: string | undefined): boolean {
  return browser !== undefined && cookie !== undefined && digest(cookie) === browser;
}
