/** One of several processes that share a signed-in connection; driven by the test that forks it. */
import { authorityOf } from '../../../src/auth/authority.ts';
import { parseEnvironment } from '../../../src/auth/environment.ts';
import { createOAuth } from '../../../src/auth/oauth.ts';
import { createStoredTokens } from '../../../src/auth/stored-tokens.ts';
import { openVault } from '../../../src/auth/vault.ts';
import { Secret } from '../../../src/model/secret.ts';
import { openSqliteStore } from '../../../src/node/sqlite-store.ts';
import { createNodeWorld } from '../../../src/node/world.ts';
import { memoryKeys } from '../support/memory-keys.ts';

/** What the parent says first. */
export interface Job {
  readonly file: string;
  readonly orgUrl: string;
  readonly authority: string;
  readonly tenant: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly string[];
}

/** What a round came to: the tokens that 25 callers got, and how often the token endpoint was asked. */
export interface Round {
  readonly tokens: readonly string[];
  readonly requests: number;
}

async function open(job: Job): Promise<() => Promise<Round>> {
  const world = createNodeWorld();
  const environment = parseEnvironment(job.orgUrl, { allowLoopback: true });
  let requests = 0;
  const source = createStoredTokens({
    oauth: createOAuth({
      authority: authorityOf(environment, job.tenant, job.authority),
      app: { clientId: job.clientId, secret: new Secret(job.clientSecret) },
      clock: world.clock,
      send(request) {
        requests += 1;
        return world.send(request);
      },
    }),
    scopes: job.scopes,
    vault: await openVault({ store: openSqliteStore(job.file), keys: memoryKeys() }),
    connection: 'contoso',
    clock: world.clock,
    uuid: world.uuid,
  });
  let rejected = await source.get();
  return async () => {
    requests = 0;
    const all = await Promise.all(Array.from({ length: 25 }, () => source.get({ rejected })));
    rejected = all[0]!;
    return { tokens: all.map(({ secret }) => secret.reveal()), requests };
  };
}

let round: () => Promise<Round>;
process.on('message', async (message: Job | 'go') => {
  if (message === 'go') return process.send!(await round());
  round = await open(message);
  process.send!('ready');
});
