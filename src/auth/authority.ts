import { ConnectorError } from '../errors/connector-error.ts';
import { isGuid } from '../model/guid.ts';
import type { JsonObject } from '../model/json.ts';
import { isLoopbackHost } from '../model/loopback.ts';
import { clouds } from './clouds.ts';
import type { Environment } from './environment.ts';
import { readTextClaim } from './jwt.ts';

/** Who signs in to an environment. Its endpoints follow from these three; none is ever read from an answer. */
export interface Authority {
  /** `https://login.microsoftonline.com` */
  readonly origin: string;
  /** A tenant id, or `organizations`: any work account. */
  readonly tenant: string;
  /** Origins that may stand in `iss`. */
  readonly issuers: readonly string[];
}

/** `organizations`: the sign-in page finds the tenant from the account's name. */
export const multiTenant = 'organizations';

/** True for a tenant id (lower case). */
export function isTenantId(tenant: string): boolean {
  return isGuid(tenant) && tenant === tenant.toLowerCase();
}

/**
 * The pinned authority of an environment's cloud. A sandbox has none in the table: its operator gives the
 * loopback origin, and only a `local` environment takes one.
 */
export function getAuthority(environment: Environment, tenant: string, localOrigin?: string): Authority {
  if (environment.cloud !== 'local') {
    const { authorityOrigin, issuers } = clouds[environment.cloud];
    return { origin: authorityOrigin, tenant, issuers };
  }
  const local = localOrigin !== undefined && URL.canParse(localOrigin) ? new URL(localOrigin) : undefined;
  if (local === undefined || !isLoopbackHost(local.hostname)) {
    throw new ConnectorError(
      'CONNECTION_INVALID',
      'A local environment needs the address of a sign-in authority on this machine.',
      { advice: 'Give the authority as http://127.0.0.1:<port>, as the sandbox prints it.' },
    );
  }
  return { origin: local.origin, tenant, issuers: [local.origin] };
}

/** Endpoints of the Microsoft identity platform, version 2. */
export function getEndpoints(authority: Authority) {
  const base = `${authority.origin}/${authority.tenant}`;
  return {
    authorize: `${base}/oauth2/v2.0/authorize`,
    token: `${base}/oauth2/v2.0/token`,
    deviceCode: `${base}/oauth2/v2.0/devicecode`,
    configuration: `${base}/v2.0/.well-known/openid-configuration`,
  };
}

/**
 * The issuer that an id token must name. With a known tenant it is that tenant's; under `organizations` it is
 * the tenant that the token itself names in `tid`, at one of the authority's origins, as Entra documents it.
 */
export function expectedIssuer(authority: Authority, claims: JsonObject | undefined): string {
  const tenant = isTenantId(authority.tenant) ? authority.tenant : (readTextClaim(claims, 'tid') ?? '');
  const candidates = authority.issuers.map((origin) => `${origin}/${tenant}/v2.0`);
  return candidates.find((candidate) => candidate === readTextClaim(claims, 'iss')) ?? candidates[0]!;
}

/** The tenant id in an issuer of this authority, or undefined when it is somebody else's. */
export function parseIssuerTenant(authority: Authority, issuer: string): string | undefined {
  const origin = authority.issuers.find((candidate) => issuer.startsWith(`${candidate}/`));
  const tenant = /^\/([^/]+)\/v2\.0\/?$/.exec(issuer.slice(origin?.length ?? issuer.length))?.[1];
  return tenant !== undefined && isTenantId(tenant) ? tenant : undefined;
}

/** Whether an id token's `tid` is the tenant of its issuer. A token without `tid` says nothing else. */
export function matchesIssuerTenant(authority: Authority, claims: JsonObject): boolean {
  const tenant = readTextClaim(claims, 'tid');
  return tenant === undefined || tenant === parseIssuerTenant(authority, readTextClaim(claims, 'iss') ?? '');
}
