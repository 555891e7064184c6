/** A child process that shares a signed-in connection with others. It is controlled by refresh-processes.ts. */
import { getAuthority } from '../../../src/auth/authority.ts';
import { createOAuthClient } from '../../../src/auth/create-oauth-client.ts';
import { parseEnvironment } from '../../../src/auth/environment.ts';
import { createStoredTokenSource } from '../../../src/auth/stored-token-source.ts';
import { openVault } from '../../../src/auth/vault.ts';
import { ConnectorError } from '../../../src/errors/connector-error.ts';
import type { HttpRequest, HttpResponse, HttpSender } from '../../../src/model/http.ts';
import { Secret } from '../../../src/model/secret.ts';
import { createNodeServices } from '../../../src/node/services.ts';
import { openSqliteStore } from '../../../src/node/sqlite-store.ts';
import { createMemoryKeys } from '../support/memory-keys.ts';

/** The first message to the process. */
export interface ProcessOptions {
  readonly file: string;
  readonly orgUrl: string;
  readonly authority: string;
  readonly tenant: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly string[];
  readonly callers: number;
}

/** The next messages: moves the clock to `clockMs` after the real time, and requests a token for every caller. */
export interface RoundRequest {
  readonly clockMs: number;
  /** The process kills itself before it sends the token request, or after it has received the response. */
  readonly exitAt?: 'request' | 'response';
}

/** The token or the error code for each caller, and the number of token requests to the authority. */
export interface RoundResult {
  readonly results: readonly string[];
  readonly requests: number;
}

async function open(options: ProcessOptions): Promise<(request: RoundRequest) => Promise<RoundResult>> {
  const services = createNodeServices();
  const environment = parseEnvironment(options.orgUrl, { allowLoopback: true });
  let clockMs = 0;
  let exitAt: RoundRequest['exitAt'];
  let requests = 0;
  const clock = { ...services.clock, now: () => services.clock.now() + clockMs };
  const send: HttpSender = async (request) => {
    requests += 1;
    if (exitAt === 'request') killSelf();
    const response = await sendAndRead(services.send, request);
    if (exitAt === 'response') killSelf();
    return response;
  };
  const source = createStoredTokenSource({
    oauth: createOAuthClient({
      authority: getAuthority(environment, options.tenant, options.authority),
      app: { clientId: options.clientId, clientSecret: new Secret(options.clientSecret) },
      clock,
      send,
    }),
    scopes: options.scopes,
    vault: await openVault({ store: openSqliteStore(options.file), keys: createMemoryKeys() }),
    connection: 'contoso',
    clock,
    uuid: services.uuid,
  });
  const getTokenOrCode = () =>
    source.getToken().then(
      ({ token }) => token.reveal(),
      (error: unknown) => (error instanceof ConnectorError ? error.code : String(error)),
    );
  return async (request) => {
    ({ clockMs, exitAt } = request);
    requests = 0;
    const results = await Promise.all(Array.from({ length: options.callers }, getTokenOrCode));
    return { results, requests };
  };
}

/** Sends the request and reads the complete response. */
async function sendAndRead(send: HttpSender, request: HttpRequest): Promise<HttpResponse> {
  const response = await send(request);
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  return {
    ...response,
    body: (async function* () {
      yield* chunks;
    })(),
  };
}

function killSelf(): void {
  process.kill(process.pid, 'SIGKILL');
}

let round: (request: RoundRequest) => Promise<RoundResult>;
process.on('message', async (message: ProcessOptions | RoundRequest) => {
  if ('clockMs' in message) return process.send!(await round(message));
  round = await open(message);
  process.send!('ready');
});
