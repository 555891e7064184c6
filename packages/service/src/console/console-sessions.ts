import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from 'dynamics365-connector';

/** Who has opened the console. Links and sessions are in memory: they end with the process. */
export interface ConsoleSessions {
  /** A new link token. It opens one session, within 30 minutes. */
  createLink(): string;
  /** The secret of a new session; undefined if the link was used, has expired or never existed. */
  open(linkToken: string): string | undefined;
  has(secret: string): boolean;
}

const linkLifetimeMs = 30 * 60_000;
const sessionLifetimeMs = 12 * 3_600_000;

/** Creates the sessions of a console, without any. */
export function createConsoleSessions(clock: Clock): ConsoleSessions {
  const links = createTokens(clock, linkLifetimeMs);
  const sessions = createTokens(clock, sessionLifetimeMs);
  return {
    createLink: links.create,
    open: (linkToken) => (links.take(linkToken) ? sessions.create() : undefined),
    has: sessions.has,
  };
}

/** Random tokens that expire. Only their hashes are kept, so that a comparison leaks nothing by its duration. */
function createTokens(clock: Clock, lifetimeMs: number) {
  const expiry = new Map<string, number>();
  const has = (token: string) => (expiry.get(hashOf(token)) ?? 0) > clock.now();
  return {
    has,
    create() {
      for (const [hash, expiresAt] of expiry) if (expiresAt <= clock.now()) expiry.delete(hash);
      const token = randomBytes(24).toString('base64url');
      expiry.set(hashOf(token), clock.now() + lifetimeMs);
      return token;
    },
    take(token: string) {
      const isValid = has(token);
      expiry.delete(hashOf(token));
      return isValid;
    },
  };
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('base64url');
