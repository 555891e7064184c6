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
import { explainEntraError, parseEntraError } from './entra-error.ts';
import type { Environment } from './environment.ts';
import { parseChallenge } from './parse-challenge.ts';
import { sendToAuthority } from './send-to-authority.ts';

export interface FindAuthorityOptions {
  readonly environment: Environment;
  /** Tenant id, a domain of the tenant, or nothing (`organizations` and `common` count as nothing). */
  readonly tenant?: string;
  /** Loopback origin of a sandbox's authority; only for a local environment. */
  readonly localAuthority?: string;
  readonly send: HttpSender;
  readonly clock: Clock;
}

const domain = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

/**
 * The authority of an environment, with a concrete tenant wherever one can be known, so that every token can be
 * checked against it: an id is taken as it is, a domain is looked up, and without either the organization is
 * asked (its 401 names its tenant). Guests need this: under `organizations` they would land in their own tenant.
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
      advice: 'Copy the tenant id from Entra > Overview, or leave it out to have it looked up.',
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
  const answer = readObject(text);
  if (typeof answer.error === 'string') throw explainEntraError(parseEntraError(answer), status);
  const tenant = parseIssuerTenant(authority, String(answer.issuer ?? ''));
  if (tenant !== undefined) return tenant;
  throw new ConnectorError(
    'RESPONSE_INVALID',
    `${authority.origin} did not say which tenant ${authority.tenant} is.`,
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
