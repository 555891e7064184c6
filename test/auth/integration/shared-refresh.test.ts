import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { authorityOf } from '../../../src/auth/authority.ts';
import { createSignIn } from '../../../src/auth/authorization-code.ts';
import { parseEnvironment } from '../../../src/auth/environment.ts';
import { createOAuth } from '../../../src/auth/oauth.ts';
import { keepTokens } from '../../../src/auth/stored-tokens.ts';
import { openVault } from '../../../src/auth/vault.ts';
import { Secret } from '../../../src/model/secret.ts';
import { openSqliteStore } from '../../../src/node/sqlite-store.ts';
import { createNodeWorld } from '../../../src/node/world.ts';
import { createSandbox, type Sandbox } from '../../../src/sandbox/index.ts';
import { memoryKeys } from '../support/memory-keys.ts';
import type { Job, Round } from './refresher.ts';

describe('a sign-in shared by processes', () => {
  let sandbox: Sandbox;
  let folder: string;
  const children: ChildProcess[] = [];
  before(async () => {
    sandbox = await createSandbox({
      organisations: [{ name: 'contoso', data: 'empty' }],
      // The strictest kind of authority: using a refresh token twice ends the sign-in.
      strictRefreshReuse: true,
    });
    folder = await mkdtemp(join(tmpdir(), 'shared-'));
  });
  after(async () => {
    for (const child of children) child.kill();
    await sandbox.close();
    await rm(folder, { recursive: true });
  });

  it('is refreshed exactly once by 4 processes with 25 callers each, five times over', async () => {
    const job = await signIn();
    for (let n = 0; n < 4; n += 1) children.push(fork(join(import.meta.dirname, 'refresher.ts')));
    await Promise.all(children.map((child) => say(child, job)));
    const seen = new Set<string>();
    for (let number = 1; number <= 5; number += 1) {
      const rounds = await Promise.all(children.map((child) => say<Round>(child, 'go')));
      const tokens = rounds.flatMap((round) => round.tokens);
      expect(tokens).to.have.length(100);
      for (const token of tokens) seen.add(token);
      expect(seen.size, 'one new token for all').to.equal(number);
      expect(
        rounds.reduce((sum, { requests }) => sum + requests, 0),
        'token requests',
      ).to.equal(1);
    }
  });

  async function signIn(): Promise<Job> {
    const { app, authority, organisation } = sandbox;
    const job: Job = {
      file: join(folder, 'state.sqlite'),
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
    const store = openSqliteStore(job.file);
    const vault = await openVault({ store, keys: memoryKeys() });
    await keepTokens(vault, 'contoso', await flow.finish(await sandbox.signInAutomatically(url)));
    store.close();
    return job;
  }
});

async function say<T>(child: ChildProcess, message: Job | 'go'): Promise<T> {
  child.send(message);
  const [answer] = await once(child, 'message');
  return answer as T;
}
