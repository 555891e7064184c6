import http, { type IncomingMessage, type RequestListener } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import tls from 'node:tls';
import { createHostCertificate, type TestAuthority, type TestCertificate } from './certificate.ts';

/** A proxy on loopback. Behind it, each host has a TLS server with a certificate of the test's own authority. */
export interface TestProxy {
  readonly port: number;
  /** The requests for tunnels: `CONNECT contoso.crm4.dynamics.com:443`. */
  readonly tunnels: string[];
  /** The requests that came through a tunnel. */
  readonly requests: IncomingMessage[];
  /** Answers the requests for tunnels with another status. */
  status: number;
  close(): Promise<void>;
}

export interface TestProxyOptions {
  readonly authority: TestAuthority;
  /** The servers behind the proxy, by host. */
  readonly hosts: Readonly<Record<string, RequestListener>>;
  /** `user:password` that the proxy asks for. */
  readonly login?: string;
  /** The host of the proxy's own certificate, for a proxy that is reached with TLS. */
  readonly secureAs?: string;
}

export async function startTestProxy(options: TestProxyOptions): Promise<TestProxy> {
  const sockets = new Set<Socket>();
  const proxy: TestProxy = {
    port: 0,
    tunnels: [],
    requests: [],
    status: 200,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  const behind = createServers(options, proxy.requests);
  const server = createProxyServer(options);
  server.on('connection', (socket) => sockets.add(socket));
  server.on('connect', ({ url = '', headers }, socket) => {
    socket.on('error', () => {});
    proxy.tunnels.push(`CONNECT ${url}`);
    const host = url.slice(0, url.lastIndexOf(':'));
    const expected = options.login && `Basic ${Buffer.from(options.login).toString('base64')}`;
    const isAllowed = expected === undefined || headers['proxy-authorization'] === expected;
    const status = isAllowed ? proxy.status : 407;
    if (status !== 200) return void socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    behind(host, socket as Socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(proxy, { port: (server.address() as AddressInfo).port });
}

function createProxyServer({ secureAs, authority }: TestProxyOptions): http.Server | https.Server {
  if (secureAs === undefined) return http.createServer();
  return https.createServer(toTlsOptions(createHostCertificate(secureAs, authority)));
}

/** Continues a tunnel as the TLS server of a host. */
function createServers({ authority, hosts }: TestProxyOptions, requests: IncomingMessage[]) {
  const server = http.createServer((request, response) => {
    requests.push(request);
    hosts[request.headers.host ?? '']?.(request, response);
  });
  const contexts = new Map(
    Object.keys(hosts).map((host) => [
      host,
      tls.createSecureContext(toTlsOptions(createHostCertificate(host, authority))),
    ]),
  );
  return (host: string, socket: Socket): void => {
    const secure = new tls.TLSSocket(socket, { isServer: true, secureContext: contexts.get(host) });
    secure.on('error', () => {});
    server.emit('connection', secure);
  };
}

function toTlsOptions({ certificate, privateKey }: TestCertificate) {
  return { cert: certificate, key: privateKey };
}
