/** One of several processes that share a signed-in connection; driven by the crew that forks it. */
import { authorityOf } from '../../../src/auth/authority.ts';
import { parseEnvironment } from '../../../src/auth/environment.ts';
import { createOAuth } from '../../../src/auth/oauth.ts';
import { createStoredTokens } from '../../../src/auth/stored-tokens.ts';
import { openVault } from '../../../src/auth/vault.ts';
import { ConnectorError } from '../../../src/errors/connector-error.ts';
import type { HttpRequest, HttpResponse, SendRequest } from '../../../src/model/http.ts';
import { Secret } from '../../../src/model/secret.ts';
import { openSqliteStore } from '../../../src/node/sqlite-store.ts';
import { createNodeWorld } from '../../../src/node/world.ts';
import { memoryKeys } from '../support/memory-keys.ts';

/** What the crew says first. */
export interface Job {
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
export interface Order {
  readonly clockMs: number;
  /** Where in its token request this process shall kill itself. */
  readonly dieAt?: 'call' | 'answer';
}

/** What it came to for each caller: the token or the code of the error; and how often the authority was asked. */
export interface Round {
  readonly results: readonly string[];
  readonly requests: number;
}

async function open(job: Job): Promise<(order: Order) => Promise<Round>> {
  const world = createNodeWorld();
  const environment = parseEnvironment(job.orgUrl, { allowLoopback: true });
  let clockMs = 0;
  let dieAt: Order['dieAt'];
  let requests = 0;
  const clock = { ...world.clock, now: () => world.clock.now() + clockMs };
  const send: SendRequest = async (request) => {
    requests += 1;
    if (dieAt === 'call') die();
    const answer = await whole(world.send, request);
    if (dieAt === 'answer') die();
    return answer;
  };
  const source = createStoredTokens({
    oauth: createOAuth({
      authority: authorityOf(environment, job.tenant, job.authority),
      app: { clientId: job.clientId, secret: new Secret(job.clientSecret) },
      clock,
      send,
    }),
    scopes: job.scopes,
    vault: await openVault({ store: openSqliteStore(job.file), keys: memoryKeys() }),
    connection: 'contoso',
    clock,
    uuid: world.uuid,
  });
  const want = () =>
    source.get().then(
      ({ secret }) => secret.reveal(),
      (error: unknown) => (error instanceof ConnectorError ? error.code : String(error)),
    );
  return async (order) => {
    ({ clockMs, dieAt } = order);
    requests = 0;
    return { results: await Promise.all(Array.from({ length: job.callers }, want)), requests };
  };
}

/** The answer with its body read: the authority has done its part. */
async function whole(send: SendRequest, request: HttpRequest): Promise<HttpResponse> {
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

let round: (order: Order) => Promise<Round>;
process.on('message', async (message: Job | Order) => {
  if ('clockMs' in message) return process.send!(await round(message));
  round = await open(message);
  process.send!('ready');
});
