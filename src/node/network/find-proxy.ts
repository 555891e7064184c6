import { ConnectorError } from '../../errors/connector-error.ts';
import { isLoopbackHost } from '../../model/loopback.ts';
import { Secret } from '../../model/secret.ts';

/** Where a request goes. */
export interface Target {
  readonly isSecure: boolean;
  /** Without brackets. */
  readonly hostname: string;
  readonly port: number;
}

/** A proxy that opens tunnels (RFC 9110, section 9.3.6). */
export interface ProxyServer extends Target {
  /** `proxy.contoso.com:8080`, for messages: without a scheme, a user and a password. */
  readonly address: string;
  /** The value of `proxy-authorization`, if the address has a user. */
  readonly authorization?: Secret;
}

/** The target of a request's URL, or of its parts. */
export function targetOf({ protocol, hostname, port }: Pick<URL, 'protocol' | 'hostname' | 'port'>): Target {
  const isSecure = protocol === 'https:';
  return {
    isSecure,
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || (isSecure ? 443 : 80)),
  };
}

/** The host of a target as URLs have it: an IPv6 address is in brackets. */
export function urlHostOf({ hostname }: Target): string {
  return hostname.includes(':') ? `[${hostname}]` : hostname;
}

/** Returns the proxy for a target; undefined if it is reached directly. */
export type FindProxy = (target: Target) => ProxyServer | undefined;

/** The proxy of an option, which replaces that of the environment. */
export interface ProxyOptions {
  readonly proxy?: string;
  readonly noProxy?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the proxy from the options, or else from the environment with the rules of undici's EnvHttpProxyAgent: the
 * lower-case variable comes first, and `http_proxy` also serves https if there is no `https_proxy`. This machine
 * (`localhost`, `127.0.0.1`, `::1`) is never reached through a proxy.
 * https://undici.nodejs.org/#/docs/api/EnvHttpProxyAgent
 *
 * @throws SETTING_INVALID for an address that is not one of a proxy; its message does not contain the address
 */
export function createFindProxy(env: Environment, options: ProxyOptions = {}): FindProxy {
  const { plain, secure } = readProxies(env, options);
  const isExcluded = readExclusions(options.noProxy ?? env.no_proxy ?? env.NO_PROXY ?? '');
  return (target) => {
    const proxy = target.isSecure ? secure : plain;
    if (proxy === undefined || isLoopbackHost(urlHostOf(target)) || isExcluded(target)) return undefined;
    return proxy;
  };
}

/** The proxies of plain and of secure requests. */
function readProxies(env: Environment, { proxy }: ProxyOptions) {
  if (proxy !== undefined) {
    const both = parseProxy('The option "proxy"', proxy);
    return { plain: both, secure: both };
  }
  const plain = readVariable(env, 'http_proxy');
  return { plain, secure: readVariable(env, 'https_proxy') ?? plain };
}

function readVariable(env: Environment, name: string): ProxyServer | undefined {
  const written = env[name] === undefined ? name.toUpperCase() : name;
  return parseProxy(written, env[written] ?? '');
}

function parseProxy(source: string, text: string): ProxyServer | undefined {
  const address = text.trim();
  if (address === '') return undefined;
  const url = URL.parse(address.includes('://') ? address : `http://${address}`);
  if (url === null || url.hostname === '' || !/^https?:$/.test(url.protocol)) throw invalidProxy(source);
  const target = targetOf(url);
  const authorization = readAuthorization(source, url);
  return { ...target, address: `${url.hostname}:${target.port}`, authorization };
}

/** https://www.rfc-editor.org/rfc/rfc7617 */
function readAuthorization(source: string, { username, password }: URL): Secret | undefined {
  if (username === '' && password === '') return undefined;
  try {
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return new Secret(`Basic ${Buffer.from(pair).toString('base64')}`);
  } catch {
    throw invalidProxy(source);
  }
}

function invalidProxy(source: string): ConnectorError {
  return new ConnectorError('SETTING_INVALID', `${source} is not the address of an HTTP proxy.`, {
    advice:
      'Write http://proxy.example.com:8080 or https://..., with user:password@ before the host if the proxy asks for them, percent-encoded.',
  });
}

/**
 * Hosts that are reached directly, separated by commas or spaces: a name with its subdomains (`contoso.com`,
 * `.contoso.com`, `*.contoso.com`), an IP address, a range (`10.0.0.0/8`), each with `:port` if only that port is meant;
 * `*` is every host.
 */
function readExclusions(list: string): (target: Target) => boolean {
  const exclusions = list
    .split(/[,\s]+/)
    .filter((entry) => entry !== '')
    .map(readExclusion);
  return (target) => exclusions.some((isExcluded) => isExcluded(target));
}

function readExclusion(entry: string): (target: Target) => boolean {
  if (entry === '*') return () => true;
  const range = readRange(entry);
  if (range !== undefined) return range;
  const [, host = '', port] =
    /^(.*?)(?::(\d+))?$/.exec(entry.split(':').length > 2 ? bracketed(entry) : entry) ?? [];
  const name = host
    .replace(/^\*?\./, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase();
  return (target) => {
    const hostname = target.hostname.toLowerCase();
    const isNamed = hostname === name || hostname.endsWith(`.${name}`);
    return isNamed && (port === undefined || Number(port) === target.port);
  };
}

/** An IPv6 address in brackets, so that its last group is not read as a port. */
function bracketed(address: string): string {
  return address.startsWith('[') ? address : `[${address}]`;
}

function readRange(entry: string): ((target: Target) => boolean) | undefined {
  const [, address = '', prefix] = /^\[?([\da-f.:]{2,45})\]?\/(\d{1,3})$/i.exec(entry) ?? [];
  const { BlockList, isIP } = process.getBuiltinModule('node:net');
  const version = isIP(address);
  if (version === 0 || Number(prefix) > (version === 4 ? 32 : 128)) return undefined;
  const range = new BlockList();
  range.addSubnet(address, Number(prefix), `ipv${version === 4 ? 4 : 6}`);
  return ({ hostname }) => {
    const found = isIP(hostname);
    return found !== 0 && range.check(hostname, found === 4 ? 'ipv4' : 'ipv6');
  };
}
