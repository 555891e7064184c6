import type { ErrorCode } from '../errors/codes.ts';
import { ConnectorError } from '../errors/connector-error.ts';
import type { JsonObject } from '../model/json.ts';
import { parseChallenge } from './challenge.ts';
import type { Environment } from './environment.ts';
import { textClaim } from './jwt.ts';
import { audienceFits } from './scopes.ts';
import type { WhoAmIAnswer } from './who-am-i.ts';

/** A WhoAmI that was refused: by whom, of what token, and how. */
export interface Refusal {
  readonly environment: Environment;
  /** Unverified claims of the access token; empty when it is opaque. */
  readonly claims: JsonObject;
  readonly answer: WhoAmIAnswer;
}

const userNotMember = '0x80072560';
const noRoles = '0x80042f09';
const adminCenter =
  'Power Platform admin center > Environments > your environment > Settings > Users + permissions';

/** Which of the usual reasons a refused WhoAmI has, in a sentence, and what to do about it. */
export function explainRefusal(refusal: Refusal): ConnectorError {
  const { answer, environment } = refusal;
  const serverCode = answer.error?.details.serverCode?.toLowerCase();
  if (answer.status === 401) return explainUnauthorised(refusal);
  if (serverCode === userNotMember) return explainNotMember(refusal);
  if (serverCode === noRoles) {
    return fail(
      refusal,
      'ACCESS_DENIED',
      `${whoIs(refusal)} is a member of ${environment.host}, but has no security role.`,
      `Ask a Dataverse administrator for a role: ${adminCenter}.`,
    );
  }
  if (answer.status === 404 || answer.status < 400) {
    return fail(
      refusal,
      'ORG_MISMATCH',
      `${environment.host} answers, but not as a Dynamics 365 organisation.`,
      'Check the name and the region of the environment URL.',
    );
  }
  return (
    answer.error ??
    fail(
      refusal,
      'UNAVAILABLE',
      `${environment.host} answered WhoAmI with ${answer.status}.`,
      'Repeat later.',
    )
  );
}

/** A 401 names the tenant and the audience that it wants; what differs from the token is the reason. */
function explainUnauthorised(refusal: Refusal): ConnectorError {
  const { claims, environment, answer } = refusal;
  const wanted = parseChallenge(answer.headers['www-authenticate']);
  const tenant = textClaim(claims, 'tid');
  if (wanted.tenant !== undefined && tenant !== undefined && wanted.tenant !== tenant) {
    return fail(
      refusal,
      'ORG_MISMATCH',
      `${environment.host} belongs to tenant ${wanted.tenant}; the sign-in was to tenant ${tenant}.`,
      `Sign in to tenant ${wanted.tenant}: set it as the tenant of the connection.`,
    );
  }
  if (wanted.resource !== undefined && !audienceFits(wanted.resource, environment)) {
    return fail(
      refusal,
      'ORG_MISMATCH',
      `${environment.host} wants tokens for ${wanted.resource}.`,
      `Enter ${wanted.resource} as the environment URL.`,
    );
  }
  return fail(
    refusal,
    'RECONNECT_NEEDED',
    `${environment.host} refuses the access token.`,
    'Sign in again. If it stays, check that the environment URL and the tenant belong together.',
  );
}

function explainNotMember(refusal: Refusal): ConnectorError {
  const { environment } = refusal;
  if (isApp(refusal.claims)) {
    return fail(
      refusal,
      'USER_NOT_IN_ORG',
      `${whoIs(refusal)} has no application user in ${environment.host}.`,
      `Create one with a security role: ${adminCenter} > Application users > New app user.`,
    );
  }
  return fail(
    refusal,
    'USER_NOT_IN_ORG',
    `${whoIs(refusal)} is not a member of ${environment.host}.`,
    `Check that this is the right organisation; then ask its administrator to add the user with a security role and a licence: ${adminCenter} > Users.`,
  );
}

/** Tokens of an app itself carry no delegated permission (`scp`). */
function isApp(claims: JsonObject): boolean {
  return claims.idtyp === 'app' || (claims.scp === undefined && claims.appid !== undefined);
}

function whoIs({ claims }: Refusal): string {
  const app = textClaim(claims, 'appid') ?? textClaim(claims, 'azp');
  if (isApp(claims)) return `The app ${app ?? 'of this connection'}`;
  const user = textClaim(claims, 'upn') ?? textClaim(claims, 'preferred_username');
  return user === undefined ? 'The user' : `The user ${user}`;
}

function fail({ answer }: Refusal, code: ErrorCode, message: string, advice: string): ConnectorError {
  return new ConnectorError(code, message, { ...answer.error?.details, status: answer.status, advice });
}
