import { ConnectorError } from '../errors/connector-error.ts';
import type { HttpSender } from '../model/http.ts';
import { assertOptions, type OptionsRule } from '../validation/assert-options.ts';
import type { NetworkOptions } from './network/open-socket.ts';
import { createNodeFetchSender } from './node-fetch-sender.ts';
import { createUndiciSender } from './undici-sender.ts';

const senders = { 'node-fetch': createNodeFetchSender, undici: createUndiciSender } as const;

/** The libraries that can send requests. */
export type Transport = keyof typeof senders;

/** How requests are sent. */
export interface TransportOptions extends Pick<NetworkOptions, 'proxy' | 'noProxy' | 'caCertificates'> {
  /**
   * The library that sends requests: `node-fetch` (default), or `undici`, which needs a quarter of the processor time. What
   * is installed does not change it.
   */
  readonly transport?: Transport;
  /**
   * The proxy of all requests except those to this machine and to `noProxy`: `http://user:password@proxy:8080`, or https.
   * `''` is none. Default: HTTPS_PROXY, or else HTTP_PROXY.
   */
  readonly proxy?: string;
  /** Hosts that need no proxy, separated by commas: `contoso.com,10.0.0.0/8`. Default: NO_PROXY. */
  readonly noProxy?: string;
  /** Certificate authorities to trust besides those of Node.js and NODE_EXTRA_CA_CERTS, as PEM text. */
  readonly caCertificates?: string;
}

export const transportTypes = {
  transport: 'text',
  proxy: 'text',
  noProxy: 'text',
  caCertificates: 'text',
} as const satisfies OptionsRule<TransportOptions>['types'];

const transportRule: OptionsRule<TransportOptions> = {
  of: 'createSender',
  types: transportTypes,
  code: 'SETTING_INVALID',
};

/**
 * Creates the sender of a transport. The proxy and certificate authorities of the environment count if the options have
 * none.
 *
 * @throws SETTING_INVALID for a transport, proxy or certificate that is not valid
 * @example createSender({ transport: 'undici', proxy: 'http://proxy.contoso.com:8080' })
 */
export function createSender(options?: TransportOptions): HttpSender {
  const { transport = 'node-fetch', ...network } = assertOptions(options, transportRule);
  const create = Object.hasOwn(senders, transport) ? senders[transport] : undefined;
  if (create !== undefined) return create(process.env, network);
  const names = Object.keys(senders).join(' or ');
  throw new ConnectorError('SETTING_INVALID', `Option "transport" must be ${names}.`);
}
