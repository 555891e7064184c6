import { ConnectorError } from '../errors/connector-error.ts';
import type { Json } from '../model/json.ts';
import type { TokenSource } from '../model/token.ts';
import { explainRefusal } from './check-refusal.ts';
import { nearestOrganisations, type Organisation } from './discovery.ts';
import type { Environment } from './environment.ts';
import { peekClaims, textClaim } from './jwt.ts';
import { audienceFits } from './scopes.ts';
import type { WhoAmI, WhoAmIAnswer } from './who-am-i.ts';

export interface CheckOptions {
  readonly environment: Environment;
  readonly tokens: TokenSource;
  readonly whoAmI: () => Promise<WhoAmIAnswer>;
  /** The organisations that the user may enter, to suggest one when the URL seems mistyped. */
  readonly organisations?: () => Promise<readonly Organisation[]>;
}

/**
 * Tries a connection with `WhoAmI`, and when it does not work says which of the usual reasons it is: token for
 * another organisation, wrong name or region, other tenant, user or application user missing, no role. What the
 * sign-in itself refuses is explained where tokens come from, and passes through.
 */
export async function checkConnection(options: CheckOptions): Promise<WhoAmI> {
  try {
    return await tryWhoAmI(options);
  } catch (error) {
    const elsewhere = error instanceof ConnectorError && ['NETWORK', 'ORG_MISMATCH'].includes(error.code);
    throw elsewhere ? await withSuggestions(error, options) : error;
  }
}

async function tryWhoAmI({ environment, tokens, whoAmI }: CheckOptions): Promise<WhoAmI> {
  const token = await tokens.get();
  const claims = peekClaims(token.secret.reveal()) ?? {};
  refuseForeignAudience(environment, textClaim(claims, 'aud'));
  const answer = await whoAmI();
  if (answer.status === 200) return readWhoAmI(answer.body);
  throw explainRefusal({ environment, claims, answer });
}

/** Before anything is sent: a token for one organisation is never shown to another. */
function refuseForeignAudience(environment: Environment, audience: string | undefined): void {
  if (audience === undefined || audienceFits(audience, environment)) return;
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

/** Adds "did you mean": the organisations that the user may enter and whose address is near the one entered. */
async function withSuggestions(error: ConnectorError, options: CheckOptions): Promise<ConnectorError> {
  // Suggestions are a courtesy: where the list cannot be had, the error itself stands.
  const known = await options.organisations?.().catch(() => []);
  const near = nearestOrganisations(options.environment.host, known ?? []);
  if (near.length === 0 || near.includes(options.environment.origin)) return error;
  return new ConnectorError('ORG_MISMATCH', error.message, {
    ...error.details,
    advice: `Did you mean ${near.join(' or ')}?`,
    suggestions: near,
  });
}
