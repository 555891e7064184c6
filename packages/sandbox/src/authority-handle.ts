import { ConnectorError } from 'dynamics365-connector';
import type { Authority } from './authority/authority.ts';
import type { App, Consent, Directory, User } from './authority/directory.ts';
import { traceOf } from './authority/entra-manners.ts';
import { EntraRefusal, type RefusalExtras, refusalBody } from './authority/entra-refusal.ts';
import type { Lifetimes } from './authority/lifetimes.ts';
import { refuse } from './authority/refusals.ts';
import type { FaultPlan } from './faults/plan.ts';
import { readFault } from './faults/read-fault.ts';
import { type AdminCommands, setNumbers } from './server/admin.ts';

/** The sandbox's sign-in authority, seen from inside the process. */
export interface SandboxAuthority {
  /** `http://127.0.0.1:…`: in the place of `https://login.microsoftonline.com`. */
  readonly url: string;
  readonly tenantId: string;
  readonly domain: string;
  /** `iss` of every token. */
  readonly issuer: string;
  readonly lifetimes: Lifetimes;
  readonly faults: FaultPlan;
  /** All secrets of an app are over: AADSTS7000222. */
  expireSecrets(app: App): void;
  addSecret(app: App, value: string): void;
  /** The refresh tokens so far are refused as revoked (AADSTS50173); of everybody, or of one user. */
  revokeRefreshTokens(user?: User): void;
  /** The refresh tokens so far are refused as expired: AADSTS70008. */
  expireRefreshTokens(user?: User): void;
  /** People have to agree to an app again (AADSTS65001), or an administrator has (AADSTS90094). */
  withdrawConsent(app: App, ask?: Exclude<Consent, 'granted'>): void;
  /** The next token requests get this refusal: `refuseTokens(50076, 'interaction_required', 'MFA is needed.')`. */
  refuseTokens(code: number, error: string, text: string, more?: RefusalExtras & { times?: number }): void;
}

/** Makes the handle of a running authority. */
export function authorityHandle(parts: {
  readonly url: string;
  readonly authority: Authority;
  readonly directory: Directory;
  readonly lifetimes: Lifetimes;
  readonly faults: FaultPlan;
  readonly now: () => number;
}): SandboxAuthority {
  const { url, authority, directory, faults } = parts;
  return {
    url,
    tenantId: directory.tenantId,
    domain: directory.domain,
    issuer: authority.issuer,
    lifetimes: parts.lifetimes,
    faults,
    expireSecrets(app) {
      for (const secret of app.secrets) secret.expiresAt = 1;
    },
    addSecret: (app, value) => void app.secrets.push({ value }),
    revokeRefreshTokens: (user) => authority.records.spoilRefreshTokens(refuse.revokedGrant, user?.objectId),
    expireRefreshTokens: (user) => authority.records.spoilRefreshTokens(refuse.expiredGrant, user?.objectId),
    withdrawConsent: (app, ask) => directory.withdrawConsent(app, ask),
    refuseTokens(code, error, text, { times = 1, ...extras } = {}) {
      const refusal = new EntraRefusal(code, error, text, extras);
      const body = refusalBody(refusal, traceOf({ origin: url, now: parts.now }));
      faults.add({ kind: 'status', status: refusal.status, body, path: '/oauth2/v2.0/token', times });
    },
  };
}

/** What can be ordered of an authority from outside the process. People and apps by name, case as it is. */
export function authorityCommands(handle: SandboxAuthority, directory: Directory): AdminCommands {
  const appOf = ({ app }: { app?: unknown }): App => {
    const found = [...directory.apps.values()].find(({ clientId, name }) => clientId === app || name === app);
    if (!found)
      throw new ConnectorError('SETTING_INVALID', 'app must be the client id or the name of an app.');
    return found;
  };
  const userOf = ({ user }: { user?: unknown }): User | undefined => {
    const found = user === undefined ? undefined : directory.userNamed(String(user));
    if (user !== undefined && !found)
      throw new ConnectorError('SETTING_INVALID', 'user must be the name of a user.');
    return found;
  };
  return {
    'add-fault': (order) => void handle.faults.add(readFault(order)),
    'clear-faults': () => handle.faults.clear(),
    'set-lifetimes': (order) => setNumbers(handle.lifetimes, order),
    'expire-secrets': (order) => handle.expireSecrets(appOf(order)),
    'revoke-refresh-tokens': (order) => handle.revokeRefreshTokens(userOf(order)),
    'expire-refresh-tokens': (order) => handle.expireRefreshTokens(userOf(order)),
    'withdraw-consent': (order) => handle.withdrawConsent(appOf(order)),
  };
}
