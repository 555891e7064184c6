import { ConnectorError } from 'dynamics365-connector/base';
import { advanceClock } from './advance-clock.ts';
import type { AuthorizationServer } from './authority/authorization-server.ts';
import type { ConsentPolicy, Directory, SandboxApp, User } from './authority/directory.ts';
import { entraErrors } from './authority/entra-errors.ts';
import { createTrace } from './authority/entra-format.ts';
import { type EntraErrorDetails, EntraOAuthError, entraErrorBody } from './authority/entra-oauth-error.ts';
import type { TokenLifetimes } from './authority/token-lifetimes.ts';
import type { FaultPlan } from './faults/fault-plan.ts';
import { parseFault } from './faults/parse-fault.ts';
import type { SandboxClock } from './sandbox-clock.ts';
import { type AdminCommands, assignNumbers } from './server/admin.ts';

/** The authority of a sandbox: it plays the sign-in service of Microsoft Entra ID. */
export interface SandboxAuthority {
  /** Origin, used instead of `https://login.microsoftonline.com`. */
  readonly url: string;
  readonly tenantId: string;
  readonly domain: string;
  /** The `iss` claim of id tokens and access tokens. */
  readonly issuer: string;
  /** Lifetimes of tokens and codes, in seconds; can be changed at runtime. */
  readonly lifetimes: TokenLifetimes;
  /** Injected faults of the authority. */
  readonly faults: FaultPlan;
  /** Expires all secrets of an app (AADSTS7000222). */
  expireSecrets(app: SandboxApp): void;
  /** Adds a secret to an app. It does not expire. */
  addSecret(app: SandboxApp, value: string): void;
  /** Revokes the refresh tokens issued so far (AADSTS50173), of one user or of all. */
  revokeRefreshTokens(user?: User): void;
  /** Expires the refresh tokens issued so far (AADSTS70008), of one user or of all. */
  expireRefreshTokens(user?: User): void;
  /**
   * Revokes the consent to an app, so that each user must consent again (`ask`, AADSTS65001) or an administrator must
   * (`admin`, AADSTS90094). Default: `ask`.
   */
  revokeConsent(app: SandboxApp, ask?: Exclude<ConsentPolicy, 'granted'>): void;
  /**
   * Rejects the next `times` token requests (default 1) with this error.
   *
   * @example authority.rejectTokenRequests(50076, 'interaction_required', 'MFA is needed.')
   */
  rejectTokenRequests(
    errorNumber: number,
    oauthError: string,
    description: string,
    more?: EntraErrorDetails & { times?: number },
  ): void;
}

/** Creates the public handle of a running authority. */
export function createSandboxAuthority(parts: {
  readonly url: string;
  readonly authority: AuthorizationServer;
  readonly directory: Directory;
  readonly lifetimes: TokenLifetimes;
  readonly faults: FaultPlan;
  readonly now: () => number;
  readonly newId: () => string;
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
      const body = entraErrorBody(error, createTrace({ origin: url, now: parts.now, newId: parts.newId }));
      faults.add({ kind: 'status', status: error.status, body, path: '/oauth2/v2.0/token', times });
    },
  };
}

/** The admin commands of the authority. Users and apps are given by name; apps also by client id. */
export function createAuthorityCommands(
  handle: SandboxAuthority,
  directory: Directory,
  clock: SandboxClock,
): AdminCommands {
  const findApp = ({ app }: { app?: unknown }): SandboxApp => {
    const found = [...directory.apps.values()].find(({ clientId, name }) => clientId === app || name === app);
    if (!found)
      throw new ConnectorError(
        'SETTING_INVALID',
        'Parameter "app" must be the client ID or the name of an app.',
        { advice: `Use one of: ${[...directory.apps.values()].map(({ name }) => name).join(', ')}.` },
      );
    return found;
  };
  const findUser = ({ user }: { user?: unknown }): User | undefined => {
    const found = user === undefined ? undefined : directory.findUserByName(String(user));
    if (user !== undefined && !found)
      throw new ConnectorError(
        'SETTING_INVALID',
        'Parameter "user" must be the user principal name of a user.',
      );
    return found;
  };
  return {
    clock: (input) => advanceClock(clock, input),
    faults: (input) => void handle.faults.add(parseFault(input)),
    'clear-faults': () => handle.faults.clear(),
    'set-lifetimes': (input) => assignNumbers(handle.lifetimes, input),
    'expire-secrets': (input) => handle.expireSecrets(findApp(input)),
    'revoke-refresh-tokens': (input) => handle.revokeRefreshTokens(findUser(input)),
    'expire-refresh-tokens': (input) => handle.expireRefreshTokens(findUser(input)),
    'revoke-consent': (input) => handle.revokeConsent(findApp(input)),
  };
}
