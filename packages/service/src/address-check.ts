import { ServiceError } from './problem/problem.ts';
import type { ServiceParts } from './service-parts.ts';

/** Says why a request with these headers is refused; undefined if it is not. */
export type CheckAddress = (host: string | undefined, origin: string | undefined) => ServiceError | undefined;

/**
 * A web page must not reach a service on this machine or in this network: the Host header must be one of our addresses
 * (DNS rebinding), and a browser names the page in Origin.
 */
export function createAddressCheck({ url, hosts }: Pick<ServiceParts, 'url' | 'hosts'>): CheckAddress {
  const { host: publicHost, origin: ownOrigin } = new URL(url);
  const ownHosts = new Set([publicHost, ...hosts]);
  return (host, origin) => {
    if (!ownHosts.has(host ?? ''))
      return new ServiceError('HOST_REFUSED', 'The Host header names another address.');
    if (origin !== undefined && origin !== ownOrigin)
      return new ServiceError('REQUEST_ORIGIN_REFUSED', 'The Origin header names another site.');
    return undefined;
  };
}
