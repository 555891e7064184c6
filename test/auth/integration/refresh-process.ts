/** One of several processes that share a signed-in connection; driven by the crew that forks it. */
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

/** What the crew says first. */
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

/** What the crew says then: it is `clockMs` later than this machine thinks; all callers want a token. */
export interface RoundRequest {
  readonly clockMs: number;
  /** Where in its token request this process shall kill itself. */
  readonly exitAt?: 'call' | 'answer';
}

/** What it came to for each caller: the token or the code of the error; and how often the authority was asked. */
export interface RoundResult {
  readonly results: readonly string[];
  readonly requests: number;
}

async function open(job: ProcessOptions): Promise<(order: RoundRequest) => Promise<RoundResult>> {
  const world = createNodeServices();
  const environment = parseEnvironment(job.orgUrl, { allowLoopback: true });
  let clockMs = 0;
  let exitAt: RoundRequest['exitAt'];
  let requests = 0;
  const clock = { ...world.clock, now: () => world.clock.now() + clockMs };
  const send: HttpSender = async (request) => {
    requests += 1;
    if (exitAt === 'call') die();
    const answer = await whole(world.send, request);
    if (exitAt === 'answer') die();
    return answer;
  };
  const source = createStoredTokenSource({
    oauth: createOAuthClient({
      authority: getAuthority(environment, job.tenant, job.authority),
      app: { clientId: job.clientId, clientSecret: new Secret(job.clientSecret) },
      clock,
      send,
    }),
    scopes: job.scopes,
    vault: await openVault({ store: openSqliteStore(job.file), keys: createMemoryKeys() }),
    connection: 'contoso',
    clock,
    uuid: world.uuid,
  });
  const want = () =>
    source.getToken().then(
      ({ token }) => token.reveal(),
      (error: unknown) => (error instanceof ConnectorError ? error.code : String(error)),
    );
  return async (order) => {
    ({ clockMs, exitAt } = order);
    requests = 0;
    return { results: await Promise.all(Array.from({ length: job.callers }, want)), requests };
  };
}

/** The answer with its body read: the authority has done its part. */
async function whole(send: HttpSender, request: HttpRequest): Promise<HttpResponse> {
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

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

let round: (order: RoundRequest) => Promise<RoundResult>;
process.on('message', async (message: ProcessOptions | RoundRequest) => {
  if ('clockMs' in message) return process.send!(await round(message));
  round = await open(message);
  process.send!('ready');
});
