import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { ConnectorError } from '../../errors/connector-error.ts';
import { causeCode, tellsNothingSent } from '../../http/transport-error.ts';
import { createFindProxy, type FindProxy, type ProxyOptions, type Target } from './find-proxy.ts';
import { openTunnel } from './open-tunnel.ts';
import { connectError } from './send-error.ts';
import { createTrust, extraFileInvalid } from './trusted-certificates.ts';

/** How requests reach the network. */
export interface NetworkOptions extends ProxyOptions {
  /** Certificate authorities to trust besides those of Node.js, as PEM text. NODE_EXTRA_CA_CERTS adds others. */
  readonly caCertificates?: string;
  /** Maximum time to connect, TLS and proxy included. Default: 10 seconds. */
  readonly connectTimeoutMs?: number;
}

/** The way to the network that all requests of a sender take. */
export interface Network {
  readonly findProxy: FindProxy;
  /** Opens a connection, through the proxy if there is one for the target. It is secure if the target is. */
  openSocket(target: Target): Promise<Socket>;
}

const defaultConnectTimeoutMs = 10_000;

/**
 * Opens connections for senders: directly or through a proxy, with the certificate authorities of the process and the
 * options.
 *
 * @throws SETTING_INVALID for an option or variable that is not valid
 */
export function createNetwork(
  env: Readonly<Record<string, string | undefined>>,
  options: NetworkOptions,
): Network {
  const { caCertificates, connectTimeoutMs = defaultConnectTimeoutMs } = options;
  const findProxy = createFindProxy(env, options);
  const trust = createTrust(env, caCertificates);
  // A new connection to a known host continues its TLS session (RFC 8446, section 2.2).
  const sessions = new Map<string, Buffer>();

  const openSecure = (target: Target, signal: AbortSignal, tunnel?: Socket): Promise<Socket> => {
    const { hostname, port } = target;
    const key = `${hostname}:${port}`;
    const { isIP } = process.getBuiltinModule('node:net');
    const options: ConnectionOptions = {
      host: hostname,
      port,
      socket: tunnel,
      servername: isIP(hostname) === 0 ? hostname : undefined,
      session: sessions.get(key),
      secureContext: trust(),
      ALPNProtocols: ['http/1.1'],
    };
    const socket = process.getBuiltinModule('node:tls').connect(options);
    socket.on('session', (session) => sessions.set(key, session));
    return connected(socket, 'secureConnect', signal);
  };

  const open = async (target: Target, signal: AbortSignal): Promise<Socket> => {
    const proxy = findProxy(target);
    if (proxy !== undefined) {
      const tunnel = await openTunnel(proxy, target, { signal, secureContext: trust() });
      return target.isSecure ? await openSecure(target, signal, tunnel) : tunnel;
    }
    if (target.isSecure) return await openSecure(target, signal);
    const { hostname: host, port } = target;
    return await connected(process.getBuiltinModule('node:net').connect({ host, port }), 'connect', signal);
  };

  return {
    findProxy,
    async openSocket(target) {
      const timeout = new AbortController();
      const code = findProxy(target) === undefined ? 'CONNECT_TIMEOUT' : 'PROXY_TIMEOUT';
      const timer = setTimeout(() => timeout.abort(connectError(code)), connectTimeoutMs);
      try {
        const socket = await open(target, timeout.signal);
        return socket.setNoDelay(true).setKeepAlive(true, keepAliveProbeMs);
      } catch (error) {
        throw neverOpened(error);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** A connection that breaks before it is open, as in the TLS handshake, has carried nothing of the request. */
function neverOpened(error: unknown): unknown {
  const code = causeCode(error) ?? 'FAILED';
  const isTold = tellsNothingSent(code) || code.startsWith('PROXY_') || code === extraFileInvalid;
  return isTold || ConnectorError.is(error) ? error : connectError(`CONNECT_${code}`);
}

/** The system checks an idle connection after this time. */
const keepAliveProbeMs = 60_000;

/** Resolves when the socket is connected; destroys it at the timeout. */
function connected(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const onTimeout = () => socket.destroy(signal.reason);
    signal.addEventListener('abort', onTimeout, { once: true });
    // They stay, so that an error in the moment before the sender listens has a listener too.
    socket.once('error', reject).once('close', () => reject(connectError('ECONNRESET')));
    socket.once(event, () => {
      signal.removeEventListener('abort', onTimeout);
      resolve(socket);
    });
  });
}
