import { ConnectorError } from 'dynamics365-connector';
import type { AuthorizationServer } from './authority/authorization-server.ts';
import type { ConsentPolicy, Directory, SandboxApp, User } from './authority/directory.ts';
import { entraErrors } from './authority/entra-errors.ts';
import { createTrace } from './authority/entra-format.ts';
import { type EntraErrorDetails, EntraOAuthError, entraErrorBody } from './authority/entra-oauth-error.ts';
import type { TokenLifetimes } from './authority/token-lifetimes.ts';
import type { FaultPlan } from './faults/fault-plan.ts';
import { parseFault } from './faults/parse-fault.ts';
import { type AdminCommands, assignNumbers } from './server/admin.ts';

/** The sandbox's sign-in authority, seen from inside the process. */
export interface SandboxAuthority {
  /** `http://127.0.0.1:…`: in the place of `https://login.microsoftonline.com`. */
  readonly url: string;
  readonly tenantId: string;
  readonly domain: string;
  /** `iss` of every token. */
  readonly issuer: string;
  readonly lifetimes: TokenLifetimes;
  readonly faults: FaultPlan;
  /** All secrets of an app are over: AADSTS7000222. */
  expireSecrets(app: SandboxApp): void;
  addSecret(app: SandboxApp, value: string): void;
  /** The refresh tokens so far are refused as revoked (AADSTS50173); of everybody, or of one user. */
  revokeRefreshTokens(user?: User): void;
  /** The refresh tokens so far are refused as expired: AADSTS70008. */
  expireRefreshTokens(user?: User): void;
  /** People have to agree to an app again (AADSTS65001), or an administrator has (AADSTS90094). */
  revokeConsent(app: SandboxApp, ask?: Exclude<ConsentPolicy, 'granted'>): void;
  /** The next token requests get this refusal: `refuseTokens(50076, 'interaction_required', 'MFA is needed.')`. */
  rejectTokenRequests(
    errorNumber: number,
    oauthError: string,
    description: string,
    more?: EntraErrorDetails & { times?: number },
  ): void;
}

/** Makes the handle of a running authority. */
export function createSandboxAuthority(parts: {
  readonly url: string;
  readonly authority: AuthorizationServer;
  readonly directory: Directory;
  readonly lifetimes: TokenLifetimes;
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
    revokeRefreshTokens: (user) =>
      authority.records.invalidateRefreshTokens(entraErrors.revokedGrant, user?.objectId),
    expireRefreshTokens: (user) =>
      authority.records.invalidateRefreshTokens(entraErrors.expiredGrant, user?.objectId),
    revokeConsent: (app, ask) => directory.revokeConsent(app, ask),
    rejectTokenRequests(errorNumber, oauthError, description, { times = 1, ...extras } = {}) {
      const error = new EntraOAuthError(errorNumber, oauthError, description, extras);
      const body = entraErrorBody(error, createTrace({ origin: url, now: parts.now }));
      faults.add({ kind: 'status', status: error.status, body, path: '/oauth2/v2.0/token', times });
    },
  };
}

/** What can be ordered of an authority from outside the process. People and apps by name, case as it is. */
export function createAuthorityCommands(handle: SandboxAuthority, directory: Directory): AdminCommands {
  const appOf = ({ app }: { app?: unknown }): SandboxApp => {
    const found = [...directory.apps.values()].find(({ clientId, name }) => clientId === app || name === app);
    if (!found)
      throw new ConnectorError('SETTING_INVALID', 'app must be the client id or the name of an app.');
    return found;
  };
  const userOf = ({ user }: { user?: unknown }): User | undefined => {
    const found = user === undefined ? undefined : directory.findUserByName(String(user));
    if (user !== undefined && !found)
      throw new ConnectorError('SETTING_INVALID', 'user must be the name of a user.');
    return found;
  };
  return {
    'add-fault': (order) => void handle.faults.add(parseFault(order)),
    'clear-faults': () => handle.faults.clear(),
    'set-lifetimes': (order) => assignNumbers(handle.lifetimes, order),
    'expire-secrets': (order) => handle.expireSecrets(appOf(order)),
    'revoke-refresh-tokens': (order) => handle.revokeRefreshTokens(userOf(order)),
    'expire-refresh-tokens': (order) => handle.expireRefreshTokens(userOf(order)),
    'withdraw-consent': (order) => handle.revokeConsent(appOf(order)),
  };
}
