import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { authorityOf } from '../../../src/auth/authority.ts';
import { createSignIn } from '../../../src/auth/authorization-code.ts';
import { parseEnvironment } from '../../../src/auth/environment.ts';
import { createOAuth } from '../../../src/auth/oauth.ts';
import { keepTokens } from '../../../src/auth/stored-tokens.ts';
import { openVault } from '../../../src/auth/vault.ts';
import { Secret } from '../../../src/model/secret.ts';
import { openSqliteStore } from '../../../src/node/sqlite-store.ts';
import { createNodeWorld } from '../../../src/node/world.ts';
import { memoryKeys } from '../support/memory-keys.ts';
import type { Job, Order, Round } from './refresher.ts';

/** Processes that share one signed-in connection, and a clock that the crew moves. */
export interface Crew {
  /** Moves the clock; every caller of every process wants a token. */
  round(moveMs: number): Promise<Round>;
  /** Moves the clock; one process goes first, and kills itself at this point of its token request. */
  lose(moveMs: number, dieAt: 'call' | 'answer'): Promise<void>;
  close(): Promise<void>;
}

const hour = 3600_000;
/** Beyond the life of an access token. */
export const expiryMs = hour + 1000;
/** Beyond the life of a lease whose holder died. */
export const leaseEndMs = 31_000;

/** Signs somebody in, and starts the processes. */
export async function openCrew(options: {
  readonly processes: number;
  readonly callers: number;
  /** Using a refresh token twice ends the sign-in; Entra is not so strict. */
  readonly strict: boolean;
}): Promise<Crew> {
  const sandbox = await createSandbox({
    organisations: [{ name: 'contoso', data: 'empty' }],
    strictRefreshReuse: options.strict,
  });
  const folder = await mkdtemp(join(tmpdir(), 'crew-'));
  const job = { ...(await signIn(sandbox, join(folder, 'state.sqlite'))), callers: options.callers };
  let crew = await Promise.all(Array.from({ length: options.processes }, () => start(job)));
  let clockMs = 0;
  return {
    async round(moveMs) {
      clockMs += moveMs;
      const rounds = await Promise.all(crew.map((child) => say<Round>(child, { clockMs })));
      return {
        results: rounds.flatMap(({ results }) => results),
        requests: rounds.reduce((sum, { requests }) => sum + requests, 0),
      };
    },
    async lose(moveMs, dieAt) {
      clockMs += moveMs;
      const [first, ...others] = crew;
      first!.send({ clockMs, dieAt } satisfies Order);
      await once(first!, 'exit');
      crew = [await start(job), ...others];
    },
    async close() {
      for (const child of crew) child.kill();
      await sandbox.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function start(job: Job): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'refresher.ts'));
  await say(child, job);
  return child;
}

async function say<T>(child: ChildProcess, message: Job | Order): Promise<T> {
  child.send(message);
  const [answer] = await once(child, 'message');
  return answer as T;
}

async function signIn(
  { app, authority, organisation, signInAutomatically }: Sandbox,
  file: string,
): Promise<Omit<Job, 'callers'>> {
  const job = {
    file,
    orgUrl: organisation.origin,
    authority: authority.url,
    tenant: authority.tenantId,
    clientId: app.clientId,
    clientSecret: app.clientSecret!,
    scopes: ['openid', 'offline_access', `${organisation.origin}/user_impersonation`],
  };
  const world = createNodeWorld();
  const environment = parseEnvironment(job.orgUrl, { allowLoopback: true });
  const oauth = createOAuth({
    authority: authorityOf(environment, job.tenant, job.authority),
    app: { clientId: job.clientId, secret: new Secret(job.clientSecret) },
    send: world.send,
    clock: world.clock,
  });
  const flow = createSignIn({ oauth, scopes: job.scopes, store: world.store, clock: world.clock });
  const { url } = await flow.start({ redirectUri: 'http://localhost/callback' });
  const store = openSqliteStore(file);
  const vault = await openVault({ store, keys: memoryKeys() });
  await keepTokens(vault, 'contoso', await flow.finish(await signInAutomatically(url)));
  store.close();
  return job;
}
