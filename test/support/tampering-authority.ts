import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

type Claims = Record<string, unknown>;

/** An authority in front of that of a sandbox, which changes the id tokens that it passes on. */
export interface TamperingAuthority {
  readonly url: string;
  /** What the next id tokens say instead. */
  claims: Claims;
  /** The number of requests to the token endpoint. */
  tokenRequests: number;
  /** An authorize URL of this authority, at the sandbox: what a browser would be sent on to. */
  toSandbox(authorizeUrl: string): string;
  close(): void;
}

export async function openTamperingAuthority(sandboxAuthority: string): Promise<TamperingAuthority> {
  const server = createServer(async (request, response) => {
    const isToken = request.method === 'POST' && request.url?.endsWith('/token');
    if (isToken) authority.tokenRequests += 1;
    const answer = await forward(request, sandboxAuthority);
    const body = isToken ? tamper(answer.body, authority) : answer.body;
    response.writeHead(answer.status, { 'content-type': answer.type }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const authority: TamperingAuthority = {
    url,
    claims: {},
    tokenRequests: 0,
    toSandbox: (authorizeUrl) => authorizeUrl.replace(url, sandboxAuthority),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return authority;
}

async function forward(request: IncomingMessage, target: string) {
  const { authorization, 'content-type': type } = request.headers;
  const headers = { ...(authorization && { authorization }), ...(type && { 'content-type': type }) };
  const body = request.method === 'POST' ? await text(request) : undefined;
  const response = await fetch(`${target}${request.url}`, {
    ...(request.method !== undefined && { method: request.method }),
    ...(body !== undefined && { body }),
    headers,
    redirect: 'manual',
  });
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? 'text/plain',
    body: await response.text(),
  };
}

/** The signature is not renewed: id tokens of a token endpoint are trusted by their connection (OpenID Connect, 3.1.3.7). */
function tamper(body: string, { url, claims }: TamperingAuthority): string {
  const tokens = JSON.parse(body) as { id_token?: string };
  const [head, payload = '', signature] = tokens.id_token?.split('.') ?? [];
  if (head === undefined) return body;
  const right = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims;
  const changed = { ...right, iss: `${url}/${right.tid}/v2.0`, ...claims };
  const encoded = Buffer.from(JSON.stringify(changed)).toString('base64url');
  return JSON.stringify({ ...tokens, id_token: `${head}.${encoded}.${signature}` });
}
