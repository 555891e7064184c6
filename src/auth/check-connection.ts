import { ConnectorError } from '../errors/connector-error.ts';
import type { Json } from '../model/json.ts';
import type { TokenSource } from '../model/token.ts';
import type { Environment } from './environment.ts';
import { explainFailedWhoAmI } from './explain-failed-who-am-i.ts';
import { decodeClaims, readTextClaim } from './jwt.ts';
import { type Organization, suggestOrganizations } from './organization-discovery.ts';
import { isAudienceFor } from './render-scopes.ts';
import type { WhoAmI, WhoAmIResponse } from './who-am-i.ts';

export interface CheckConnectionOptions {
  readonly environment: Environment;
  readonly tokens: TokenSource;
  readonly whoAmI: () => Promise<WhoAmIResponse>;
  /** The organizations that the user may enter, to suggest one when the URL seems mistyped. */
  readonly organizations?: () => Promise<readonly Organization[]>;
}

/**
 * Tries a connection with `WhoAmI`, and when it does not work says which of the usual reasons it is: token for
 * another organization, wrong name or region, other tenant, user or application user missing, no role. What the
 * sign-in itself refuses is explained where tokens come from, and passes through.
 */
export async function checkConnection(options: CheckConnectionOptions): Promise<WhoAmI> {
  try {
    return await tryWhoAmI(options);
  } catch (error) {
    const elsewhere = error instanceof ConnectorError && ['NETWORK', 'ORG_MISMATCH'].includes(error.code);
    throw elsewhere ? await withSuggestions(error, options) : error;
  }
}

async function tryWhoAmI({ environment, tokens, whoAmI }: CheckConnectionOptions): Promise<WhoAmI> {
  const token = await tokens.getToken();
  const claims = decodeClaims(token.token.reveal()) ?? {};
  assertAudience(environment, readTextClaim(claims, 'aud'));
  const answer = await whoAmI();
  if (answer.status === 200) return readWhoAmI(answer.body);
  throw explainFailedWhoAmI({ environment, claims, response: answer });
}

/** Before anything is sent: a token for one organization is never shown to another. */
function assertAudience(environment: Environment, audience: string | undefined): void {
  if (audience === undefined || isAudienceFor(audience, environment)) return;
  const { origin } = environment;
  throw new ConnectorError('ORG_MISMATCH', `The access token is for ${audience}, not for ${origin}.`, {
    advice: `Ask for a token with the scope ${origin}/.default or ${origin}/user_impersonation.`,
  });
}

function readWhoAmI(body: Json | undefined): WhoAmI {
  const row = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, Json>>;
  const { UserId, BusinessUnitId, OrganizationId } = row;
  if (typeof UserId === 'string' && typeof OrganizationId === 'string') {
    return { userId: UserId, businessUnitId: String(BusinessUnitId ?? ''), organizationId: OrganizationId };
  }
  throw new ConnectorError('RESPONSE_INVALID', 'WhoAmI answered without a user id.');
}

/** Adds "did you mean": the organizations that the user may enter and whose address is near the one entered. */
async function withSuggestions(
  error: ConnectorError,
  options: CheckConnectionOptions,
): Promise<ConnectorError> {
  // Suggestions are a courtesy: where the list cannot be had, the error itself stands.
  const known = await options.organizations?.().catch(() => []);
  const near = suggestOrganizations(options.environment.host, known ?? []);
  if (near.length === 0 || near.includes(options.environment.origin)) return error;
  return new ConnectorError('ORG_MISMATCH', error.message, {
    ...error.details,
    advice: `Did you mean ${near.join(' or ')}?`,
    suggestions: near,
  });
}
