import type { ClientRequest } from 'node:http';
import type { RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { ConnectionOptions, SecureContext } from 'node:tls';
import { causeCode } from '../../http/transport-error.ts';
import { type ProxyServer, type Target, urlHostOf } from './find-proxy.ts';
import { connectError } from './send-error.ts';

/**
 * Asks a proxy for a tunnel to the target (CONNECT, RFC 9110, section 9.3.6). Rejects with an error whose `code` is
 * `PROXY_` and the status of the proxy, or the system's code of the connection to it.
 */
export function openTunnel(
  proxy: ProxyServer,
  target: Target,
  {
    signal,
    secureContext,
  }: { readonly signal: AbortSignal; readonly secureContext: SecureContext | undefined },
): Promise<Socket> {
  const authority = `${urlHostOf(target)}:${target.port}`;
  const options: RequestOptions & ConnectionOptions = {
    method: 'CONNECT',
    host: proxy.hostname,
    port: proxy.port,
    path: authority,
    headers: {
      host: authority,
      ...(proxy.authorization && { 'proxy-authorization': proxy.authorization.reveal() }),
    },
    // Otherwise the header "host" names the server that the certificate must belong to.
    servername: process.getBuiltinModule('node:net').isIP(proxy.hostname) === 0 ? proxy.hostname : undefined,
    agent: false,
    signal,
    secureContext,
  };
  return new Promise((resolve, reject) => {
    const fail = (code: string) => reject(connectError(`PROXY_${code}`));
    const request = requestOf(proxy, options);
    request.once('connect', ({ statusCode = 0 }, socket, head) => {
      if (statusCode >= 200 && statusCode <= 299) {
        if (head.length > 0) socket.unshift(head);
        resolve(socket as Socket);
      } else {
        socket.destroy();
        fail(String(statusCode));
      }
    });
    request.once('error', (error) =>
      signal.aborted ? reject(signal.reason) : fail(causeCode(error) ?? 'FAILED'),
    );
    request.end();
  });
}

function requestOf({ isSecure }: ProxyServer, options: RequestOptions): ClientRequest {
  return isSecure
    ? process.getBuiltinModule('node:https').request(options)
    : process.getBuiltinModule('node:http').request(options);
}
