import { ConnectorError } from '../errors/connector-error.ts';
import { isGuid } from '../model/guid.ts';
import type { JsonObject } from '../model/json.ts';
import { isLoopbackHost } from '../model/loopback.ts';
import { clouds } from './clouds.ts';
import type { Environment } from './environment.ts';
import { readTextClaim } from './jwt.ts';

/** The authority that signs users in. Its endpoints are derived from these values and never read from a response. */
export interface Authority {
  /** `https://login.microsoftonline.com` */
  readonly origin: string;
  /** A tenant id, or `organizations` for any work account. */
  readonly tenant: string;
  /** The origins that `iss` may have. */
  readonly issuers: readonly [string, ...string[]];
}

/** Endpoint for accounts of any tenant: the sign-in page finds the tenant by the user name. */
export const multiTenant = 'organizations';

/** True for a tenant id in lower case. */
export function isTenantId(tenant: string): boolean {
  return isGuid(tenant) && tenant === tenant.toLowerCase();
}

/**
 * Returns the authority of an environment's cloud, from a fixed table. For a sandbox (`local`), `localOrigin` is the
 * loopback origin that the operator sets; throws CONNECTION_INVALID if it is missing or not a loopback origin.
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
      'A local environment needs the URL of a sign-in authority on this machine.',
      { advice: 'Set the authority to http://127.0.0.1:<port>, which the sandbox prints.' },
    );
  }
  return { origin: local.origin, tenant, issuers: [local.origin] };
}

/** Returns the endpoints of the Microsoft identity platform, version 2. */
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
 * Returns the issuer that an id token must have. With a known tenant, it is the issuer of that tenant. With
 * `organizations`, it is the issuer of the tenant in the token's `tid`, at one of the authority's origins.
 */
export function expectedIssuer(authority: Authority, claims: JsonObject | undefined): string {
  const tenant = isTenantId(authority.tenant) ? authority.tenant : (readTextClaim(claims, 'tid') ?? '');
  const toIssuer = (origin: string) => `${origin}/${tenant}/v2.0`;
  const issuer = readTextClaim(claims, 'iss');
  return toIssuer(authority.issuers.find((origin) => toIssuer(origin) === issuer) ?? authority.issuers[0]);
}

/** Returns the tenant id in an issuer, or undefined if the issuer does not belong to this authority. */
export function parseIssuerTenant(authority: Authority, issuer: string): string | undefined {
  const origin = authority.issuers.find((candidate) => issuer.startsWith(`${candidate}/`));
  const tenant = /^\/([^/]+)\/v2\.0\/?$/.exec(issuer.slice(origin?.length ?? issuer.length))?.[1];
  return tenant !== undefined && isTenantId(tenant) ? tenant : undefined;
}

/** True if an id token has no `tid`, or its `tid` is the tenant of its issuer. */
export function matchesIssuerTenant(authority: Authority, claims: JsonObject): boolean {
  const tenant = readTextClaim(claims, 'tid');
  return tenant === undefined || tenant === parseIssuerTenant(authority, readTextClaim(claims, 'iss') ?? '');
}
