import { ConnectorError } from '../errors/connector-error.ts';
import type { HttpSender } from '../model/http.ts';
import type { Clock } from '../model/runtime-services.ts';
import {
  type Authority,
  getAuthority,
  getEndpoints,
  isTenantId,
  multiTenant,
  parseIssuerTenant,
} from './authority.ts';
import type { Environment } from './environment.ts';
import { parseChallenge } from './parse-challenge.ts';
import { sendToAuthority } from './send-to-authority.ts';

/** Options of `findAuthority`. */
export interface FindAuthorityOptions {
  readonly environment: Environment;
  /** The tenant id or a domain of the tenant. `organizations` and `common` are treated like a missing tenant. */
  readonly tenant?: string;
  /** Loopback origin of a sandbox's authority, for a local environment. */
  readonly localAuthority?: string;
  readonly send: HttpSender;
  readonly clock: Clock;
}

const domain = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

/**
 * Finds the authority of an environment with a concrete tenant, so that every token can be checked against it. A tenant
 * id is used directly, and a domain is looked up. Without a tenant, the organization is asked: its 401 contains its
 * tenant. Guest users need this, because `organizations` would sign them in to their home tenant.
 */
export async function findAuthority(options: FindAuthorityOptions): Promise<Authority> {
  const { environment, localAuthority } = options;
  const tenant = options.tenant?.trim().toLowerCase() ?? '';
  const authority = getAuthority(environment, tenant, localAuthority);
  if (isTenantId(tenant)) return authority;
  if (tenant === '' || tenant === multiTenant || tenant === 'common') {
    return { ...authority, tenant: (await findTenantOfOrganization(options)) ?? multiTenant };
  }
  if (!domain.test(tenant)) {
    throw new ConnectorError('CONNECTION_INVALID', 'The tenant is neither a tenant id (GUID) nor a domain.', {
      advice: 'Copy the tenant id from Entra > Overview, or remove the tenant to have it looked up.',
    });
  }
  return { ...authority, tenant: await findTenantOfDomain(authority, options) };
}

async function findTenantOfOrganization({
  environment,
  send,
  clock,
}: FindAuthorityOptions): Promise<string | undefined> {
  const { headers } = await sendToAuthority(send, clock, {
    method: 'GET',
    url: `${environment.origin}/api/data/v9.2/`,
    headers: { accept: 'application/json' },
  });
  return parseChallenge(headers['www-authenticate']).tenant;
}

async function findTenantOfDomain(
  authority: Authority,
  { send, clock }: FindAuthorityOptions,
): Promise<string> {
  const { status, text } = await sendToAuthority(send, clock, {
    method: 'GET',
    url: getEndpoints(authority).configuration,
    headers: { accept: 'application/json' },
  });
  const body = readObject(text);
  if (typeof body.error === 'string') {
    const { explainEntraError, parseEntraError } = await import('./entra-error.ts');
    throw explainEntraError(parseEntraError(body), status);
  }
  const tenant = parseIssuerTenant(authority, String(body.issuer ?? ''));
  if (tenant !== undefined) return tenant;
  throw new ConnectorError(
    'RESPONSE_INVALID',
    `${authority.origin} returned no tenant id for ${authority.tenant}.`,
  );
}

function readObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
