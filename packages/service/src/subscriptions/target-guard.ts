import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';
import { ServiceError } from '../problem/problem.ts';

/** Which addresses webhooks may be sent to. */
export interface TargetGuard {
  /** @throws TARGET_REFUSED for an address that no webhook of this service may have. Does not look up names. */
  assertUrl(url: string): void;
  /**
   * Looks up a name for a connection and passes on only allowed addresses: the address that was checked is the one
   * that is connected to.
   */
  readonly lookup: LookupFunction;
}

/**
 * Refuses private, local and reserved addresses, whatever name leads there.
 *
 * @param allowed host names (`hooks.internal`), addresses or subnets (`10.1.0.0/16`) that the operator allows, also by http
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry
 */
export function createTargetGuard(allowed: readonly string[] = []): TargetGuard {
  const subnets = new BlockList();
  const names = new Set<string>();
  for (const each of allowed) addAllowed(each, subnets, names);
  const isAllowed = (address: string) => !isReserved(address) || contains(subnets, address);
  return {
    assertUrl(text) {
      const url = URL.canParse(text) ? new URL(text) : undefined;
      if (url === undefined || url.username !== '' || url.password !== '' || text.length > 2000)
        throw new ServiceError('TARGET_REFUSED', 'The address must be a URL without user name and password.');
      const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
      const isListed = names.has(host) || (isIP(host) !== 0 && contains(subnets, host));
      if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isListed))
        throw new ServiceError('TARGET_REFUSED', 'The address must use https.');
      if (isIP(host) !== 0 && !isAllowed(host))
        throw new ServiceError('TARGET_REFUSED', 'The address is private.');
    },
    lookup: (host, options, callback) => {
      lookup(host, { ...options, all: true }, (error, found) => {
        if (error !== null) return void callback(error, '', 0);
        const usable = names.has(host) ? found : found.filter(({ address }) => isAllowed(address));
        const [first] = usable;
        if (first === undefined)
          return void callback(new Error('The address of the webhook is private.'), '', 0);
        if (options.all === true) return void callback(null, usable as LookupAddress[]);
        callback(null, first.address, first.family);
      });
    },
  };
}

function addAllowed(text: string, subnets: BlockList, names: Set<string>): void {
  const [address = '', prefix] = text.split('/');
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  if (isIP(address) === 0) names.add(text.toLowerCase());
  else if (prefix === undefined) subnets.addAddress(address, family);
  else subnets.addSubnet(address, Number(prefix), family);
}

const reservedSubnets: readonly (readonly [address: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
  ['::', 96],
  ['64:ff9b::', 32],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 9],
  ['ff00::', 8],
];

function isReserved(address: string): boolean {
  return contains(reserved, address);
}

const reserved = createReserved();

function createReserved(): BlockList {
  const list = new BlockList();
  for (const [address, prefix] of reservedSubnets)
    list.addSubnet(address, prefix, isIPv6(address) ? 'ipv6' : 'ipv4');
  return list;
}

/** An IPv4 address inside an IPv6 address (`::ffff:10.0.0.1`) is checked as IPv4 by `BlockList`. */
function contains(list: BlockList, address: string): boolean {
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
