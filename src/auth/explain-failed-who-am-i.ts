import { ConnectorError } from '../errors/connector-error.ts';
import type { ErrorCode } from '../errors/error-codes.ts';
import type { JsonObject } from '../model/json.ts';
import type { Environment } from './environment.ts';
import { readTextClaim } from './jwt.ts';
import { parseChallenge } from './parse-challenge.ts';
import { isAudienceFor } from './render-scopes.ts';
import type { WhoAmIResponse } from './who-am-i.ts';

/** A WhoAmI request that failed. */
export interface FailedWhoAmI {
  readonly environment: Environment;
  /** Unverified claims of the access token; empty if the token is opaque. */
  readonly claims: JsonObject;
  readonly response: WhoAmIResponse;
}

const userNotMember = '0x80072560';
const noRoles = '0x80042f09';
const adminCenter =
  'Power Platform admin center > Environments > your environment > Settings > Users + permissions';

/** Explains why a WhoAmI request failed, and what to do. */
export function explainFailedWhoAmI(failure: FailedWhoAmI): ConnectorError {
  const { response, environment } = failure;
  const serverCode = response.error?.details.serverCode?.toLowerCase();
  if (response.status === 401) return explainUnauthorized(failure);
  if (serverCode === userNotMember) return explainNotMember(failure);
  if (serverCode === noRoles) {
    return createError(
      failure,
      'ACCESS_DENIED',
      `${describeCaller(failure)} is a member of ${environment.host}, but has no security role.`,
      `Ask a Dataverse administrator to assign a security role: ${adminCenter}.`,
    );
  }
  if (response.status === 404 || response.status < 400) {
    return createError(
      failure,
      'ORG_MISMATCH',
      `${environment.host} responds, but it is not a Dynamics 365 organization.`,
      'Check the name and the region in the environment URL.',
    );
  }
  return (
    response.error ??
    createError(
      failure,
      'UNAVAILABLE',
      `${environment.host} answered WhoAmI with HTTP ${response.status}.`,
      'Try again later.',
    )
  );
}

/** A 401 contains the expected tenant and audience. The reason is the one that differs from the token. */
function explainUnauthorized(failure: FailedWhoAmI): ConnectorError {
  const { claims, environment, response } = failure;
  const expected = parseChallenge(response.headers['www-authenticate']);
  const tenant = readTextClaim(claims, 'tid');
  if (expected.tenant !== undefined && tenant !== undefined && expected.tenant !== tenant) {
    return createError(
      failure,
      'ORG_MISMATCH',
      `${environment.host} belongs to tenant ${expected.tenant}; the sign-in was to tenant ${tenant}.`,
      `Set the tenant of the connection to ${expected.tenant}, and sign in again.`,
    );
  }
  if (expected.resource !== undefined && !isAudienceFor(expected.resource, environment)) {
    return createError(
      failure,
      'ORG_MISMATCH',
      `${environment.host} requires tokens for ${expected.resource}.`,
      `Enter ${expected.resource} as the environment URL.`,
    );
  }
  return createError(
    failure,
    'RECONNECT_NEEDED',
    `${environment.host} rejects the access token.`,
    'Sign in again. If the error stays, check that the tenant owns the environment.',
  );
}

function explainNotMember(failure: FailedWhoAmI): ConnectorError {
  const { environment } = failure;
  if (isAppToken(failure.claims)) {
    return createError(
      failure,
      'USER_NOT_IN_ORG',
      `${describeCaller(failure)} has no application user in ${environment.host}.`,
      `Create one with a security role: ${adminCenter} > Application users > New app user.`,
    );
  }
  return createError(
    failure,
    'USER_NOT_IN_ORG',
    `${describeCaller(failure)} is not a member of ${environment.host}.`,
    `Check that this is the right organization. Then ask its administrator to add the user with a security role and a license: ${adminCenter} > Users.`,
  );
}

/** The token of an app has no delegated permissions (`scp`). */
function isAppToken(claims: JsonObject): boolean {
  return claims.idtyp === 'app' || (claims.scp === undefined && claims.appid !== undefined);
}

function describeCaller({ claims }: FailedWhoAmI): string {
  const app = readTextClaim(claims, 'appid') ?? readTextClaim(claims, 'azp');
  if (isAppToken(claims)) return `The app ${app ?? 'of this connection'}`;
  const user = readTextClaim(claims, 'upn') ?? readTextClaim(claims, 'preferred_username');
  return user === undefined ? 'The user' : `The user ${user}`;
}

function createError(
  { response }: FailedWhoAmI,
  code: ErrorCode,
  message: string,
  advice: string,
): ConnectorError {
  return new ConnectorError(code, message, { ...response.error?.details, status: response.status, advice });
}
