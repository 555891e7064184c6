import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { getAuthority } from '../../../src/auth/authority.ts';
import { createAuthorizationCodeSignIn } from '../../../src/auth/authorization-code.ts';
import { createOAuthClient } from '../../../src/auth/create-oauth-client.ts';
import { parseEnvironment } from '../../../src/auth/environment.ts';
import { saveTokens } from '../../../src/auth/stored-token-source.ts';
import { openVault } from '../../../src/auth/vault.ts';
import { Secret } from '../../../src/model/secret.ts';
import { createNodeServices } from '../../../src/node/services.ts';
import { openSqliteStore } from '../../../src/node/sqlite-store.ts';
import { createMemoryKeys } from '../support/memory-keys.ts';
import type { ProcessOptions, RoundRequest, RoundResult } from './refresh-process.ts';

/** Processes that share one signed-in connection, and a clock that the crew moves. */
export interface RefreshProcesses {
  /** Moves the clock; every caller of every process wants a token. */
  round(moveMs: number): Promise<RoundResult>;
  /** Moves the clock; one process goes first, and kills itself at this point of its token request. */
  killOne(moveMs: number, dieAt: 'call' | 'answer'): Promise<void>;
  close(): Promise<void>;
}

const hour = 3600_000;
/** Beyond the life of an access token. */
export const expiryMs = hour + 1000;
/** Beyond the life of a lease whose holder died. */
export const leaseEndMs = 31_000;

/** Signs somebody in, and starts the processes. */
export async function startRefreshProcesses(options: {
  readonly processes: number;
  readonly callers: number;
  /** Using a refresh token twice ends the sign-in; Entra is not so strict. */
  readonly strict: boolean;
}): Promise<RefreshProcesses> {
  const sandbox = await createSandbox({
    organizations: [{ name: 'contoso', data: 'empty' }],
    detectRefreshTokenReuse: options.strict,
  });
  const folder = await mkdtemp(join(tmpdir(), 'crew-'));
  const job = { ...(await signIn(sandbox, join(folder, 'state.sqlite'))), callers: options.callers };
  let children = await Promise.all(Array.from({ length: options.processes }, () => start(job)));
  let clockMs = 0;
  return {
    async round(moveMs) {
      clockMs += moveMs;
      const rounds = await Promise.all(children.map((child) => say<RoundResult>(child, { clockMs })));
      return {
        results: rounds.flatMap(({ results }) => results),
        requests: rounds.reduce((sum, { requests }) => sum + requests, 0),
      };
    },
    async killOne(moveMs, dieAt) {
      clockMs += moveMs;
      const [first, ...others] = children;
      first!.send({ clockMs, exitAt: dieAt } satisfies RoundRequest);
      await once(first!, 'exit');
      children = [await start(job), ...others];
    },
    async close() {
      for (const child of children) child.kill();
      await sandbox.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function start(job: ProcessOptions): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'refresh-process.ts'));
  await say(child, job);
  return child;
}

async function say<T>(child: ChildProcess, message: ProcessOptions | RoundRequest): Promise<T> {
  child.send(message);
  const [answer] = await once(child, 'message');
  return answer as T;
}

async function signIn(
  { app, authority, organization, signInAutomatically }: Sandbox,
  file: string,
): Promise<Omit<ProcessOptions, 'callers'>> {
  const job = {
    file,
    orgUrl: organization.origin,
    authority: authority.url,
    tenant: authority.tenantId,
    clientId: app.clientId,
    clientSecret: app.clientSecret!,
    scopes: ['openid', 'offline_access', `${organization.origin}/user_impersonation`],
  };
  const world = createNodeServices();
  const environment = parseEnvironment(job.orgUrl, { allowLoopback: true });
  const oauth = createOAuthClient({
    authority: getAuthority(environment, job.tenant, job.authority),
    app: { clientId: job.clientId, clientSecret: new Secret(job.clientSecret) },
    send: world.send,
    clock: world.clock,
  });
  const flow = createAuthorizationCodeSignIn({
    oauth,
    scopes: job.scopes,
    store: world.store,
    clock: world.clock,
  });
  const { url } = await flow.start({ redirectUri: 'http://localhost/callback' });
  const store = openSqliteStore(file);
  const vault = await openVault({ store, keys: createMemoryKeys() });
  await saveTokens(vault, 'contoso', await flow.finish(await signInAutomatically(url)));
  store.close();
  return job;
}
