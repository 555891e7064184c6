import { ConnectorError } from '../errors/connector-error.ts';
import type { Json } from '../model/json.ts';
import type { TokenSource } from '../model/token.ts';
import { assertAudience } from './assert-audience.ts';
import type { Environment } from './environment.ts';
import { decodeClaims } from './jwt.ts';
import { type Organization, suggestOrganizations } from './organization-discovery.ts';
import type { WhoAmI, WhoAmIResponse } from './who-am-i.ts';

/** Options of `checkConnection`. */
export interface CheckConnectionOptions {
  readonly environment: Environment;
  readonly tokens: TokenSource;
  readonly whoAmI: () => Promise<WhoAmIResponse>;
  /** Lists the organizations of the user, to suggest one if the URL seems to be wrong. */
  readonly organizations?: () => Promise<readonly Organization[]>;
}

/**
 * Tests a connection with `WhoAmI`. If it fails, the error states the reason: a token for another organization, a wrong
 * name or region, another tenant, a missing user or application user, or no security role. Errors of the sign-in are
 * rethrown unchanged.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/whoami
 */
export async function checkConnection(options: CheckConnectionOptions): Promise<WhoAmI> {
  try {
    return await tryWhoAmI(options);
  } catch (error) {
    const maybeWrongUrl = error instanceof ConnectorError && ['NETWORK', 'ORG_MISMATCH'].includes(error.code);
    throw maybeWrongUrl ? await withSuggestions(error, options) : error;
  }
}

async function tryWhoAmI({ environment, tokens, whoAmI }: CheckConnectionOptions): Promise<WhoAmI> {
  const token = await tokens.getToken();
  const claims = decodeClaims(token.token.reveal()) ?? {};
  assertAudience(environment, token);
  const response = await whoAmI();
  if (response.status === 200) return readWhoAmI(response.body);
  const { explainFailedWhoAmI } = await import('./explain-failed-who-am-i.ts');
  throw explainFailedWhoAmI({ environment, claims, response });
}

function readWhoAmI(body: Json | undefined): WhoAmI {
  const row = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, Json>>;
  const { UserId, BusinessUnitId, OrganizationId } = row;
  if (typeof UserId === 'string' && typeof OrganizationId === 'string') {
    return { userId: UserId, businessUnitId: String(BusinessUnitId ?? ''), organizationId: OrganizationId };
  }
  throw new ConnectorError('RESPONSE_INVALID', 'The WhoAmI response has no user id.');
}

/** Adds organizations of the user with a similar URL to the advice. */
async function withSuggestions(
  error: ConnectorError,
  options: CheckConnectionOptions,
): Promise<ConnectorError> {
  // Without the list, the error is thrown without suggestions.
  const organizations = await options.organizations?.().catch(() => []);
  const suggestions = suggestOrganizations(options.environment.host, organizations ?? []);
  if (suggestions.length === 0 || suggestions.includes(options.environment.origin)) return error;
  return new ConnectorError('ORG_MISMATCH', error.message, {
    ...error.details,
    advice: `Did you mean ${suggestions.join(' or ')}?`,
    suggestions,
  });
}
