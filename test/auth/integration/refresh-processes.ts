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

/** Several processes that share one signed-in connection and a clock. */
export interface RefreshProcesses {
  /** Moves the clock, then requests a token for every caller of every process. */
  round(moveMs: number): Promise<RoundResult>;
  /** Moves the clock, then starts a token request in one process, which kills itself before or after it. */
  killOne(moveMs: number, exitAt: 'request' | 'response'): Promise<void>;
  close(): Promise<void>;
}

const hour = 3600_000;
/** Longer than the lifetime of an access token. */
export const expiryMs = hour + 1000;
/** Longer than a lease. */
export const leaseEndMs = 31_000;

/** Signs a user in, and starts the processes. */
export async function startRefreshProcesses(options: {
  readonly processes: number;
  readonly callers: number;
  /** Using a refresh token twice ends the sign-in (reuse detection). Entra does not do this. */
  readonly strict: boolean;
}): Promise<RefreshProcesses> {
  const sandbox = await createSandbox({
    organizations: [{ name: 'contoso', data: 'empty' }],
    detectRefreshTokenReuse: options.strict,
  });
  const folder = await mkdtemp(join(tmpdir(), 'refresh-'));
  const processOptions = {
    ...(await signIn(sandbox, join(folder, 'state.sqlite'))),
    callers: options.callers,
  };
  let children = await Promise.all(Array.from({ length: options.processes }, () => start(processOptions)));
  let clockMs = 0;
  return {
    async round(moveMs) {
      clockMs += moveMs;
      const rounds = await Promise.all(children.map((child) => sendMessage<RoundResult>(child, { clockMs })));
      return {
        results: rounds.flatMap(({ results }) => results),
        requests: rounds.reduce((sum, { requests }) => sum + requests, 0),
      };
    },
    async killOne(moveMs, exitAt) {
      clockMs += moveMs;
      const [first, ...others] = children;
      first!.send({ clockMs, exitAt } satisfies RoundRequest);
      await once(first!, 'exit');
      children = [await start(processOptions), ...others];
    },
    async close() {
      for (const child of children) child.kill();
      await sandbox.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function start(options: ProcessOptions): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'refresh-process.ts'));
  await sendMessage(child, options);
  return child;
}

/** Sends a message and returns the next message of the process. */
async function sendMessage<T>(child: ChildProcess, message: ProcessOptions | RoundRequest): Promise<T> {
  child.send(message);
  const [response] = await once(child, 'message');
  return response as T;
}

async function signIn(
  { app, authority, organization, signInAutomatically }: Sandbox,
  file: string,
): Promise<Omit<ProcessOptions, 'callers'>> {
  const options = {
    file,
    orgUrl: organization.origin,
    authority: authority.url,
    tenant: authority.tenantId,
    clientId: app.clientId,
    clientSecret: app.clientSecret!,
    scopes: ['openid', 'offline_access', `${organization.origin}/user_impersonation`],
  };
  const services = createNodeServices();
  const environment = parseEnvironment(options.orgUrl, { allowLoopback: true });
  const oauth = createOAuthClient({
    authority: getAuthority(environment, options.tenant, options.authority),
    app: { clientId: options.clientId, clientSecret: new Secret(options.clientSecret) },
    send: services.send,
    clock: services.clock,
  });
  const flow = createAuthorizationCodeSignIn({
    oauth,
    scopes: options.scopes,
    store: services.store,
    clock: services.clock,
  });
  const { url } = await flow.start({ redirectUri: 'http://localhost/callback' });
  const store = openSqliteStore(file);
  const vault = await openVault({ store, keys: createMemoryKeys() });
  await saveTokens(vault, 'contoso', await flow.finish(await signInAutomatically(url)));
  store.close();
  return options;
}
