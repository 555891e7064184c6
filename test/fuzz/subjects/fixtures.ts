import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { smallConnector, writeFiles } from '../../../packages/cli/test/small-connector.ts';
import * as host from '../../../src/host.ts';
import { loadConnector, openVault, Secret, type UntypedOperations } from '../../../src/index.ts';
import {
  openConnectionStore,
  openSqliteFile,
  readManifest,
  stateSchemaSqlite,
  systemClock,
} from '../../../src/node/index.ts';
import { openSandboxClient } from '../../support/sandbox-client.ts';
import { whole } from '../hostile-values.ts';

/** What good arguments are made of: an organization, a connector that speaks to it, and a folder for files. */
export async function openFixtures() {
  const folder = mkdtempSync(join(tmpdir(), 'd365-fuzz-'));
  const manifest = join(writeFiles(smallConnector), 'base');
  // Nothing waits to repeat a request; time limits stay.
  const clock = {
    ...systemClock,
    sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms < 30_000 ? 0 : ms, signal),
  };
  const { sandbox, connector, client } = await openSandboxClient({}, { clock });
  const settings = { orgUrl: sandbox.organization.origin };
  const credential = { kind: 'host', getToken: () => ({ token: sandbox.issueToken() }) } as const;
  const runtime = host.runtimeOf(connector);
  const connection = host.openConnection(runtime, settings, credential, { allowLoopback: true });
  const store = host.createMemoryStore();
  const keyText = `k:${Buffer.alloc(32, 1).toString('base64')}`;
  const keys = { load: async () => new Secret(keyText) };
  const small = await loadConnector<UntypedOperations>({ manifest });
  const { definition } = runtime;
  const table = definition.tables.case!;
  const trigger = definition.triggers['case.created']!;
  const subscription = await host.openSubscription(connection, trigger, {});
  const feed = await host.openFeed(connection, subscription.table, {
    operation: 'case.created',
    requestId: 'r',
  });
  const needs = host.needsOf([subscription], subscription.table);
  const read = await host.readFeed(feed, needs);
  const endpoint = await host.createPushEndpoint('https://push.example', 'main', new Secret('s'.repeat(40)));
  const connections = await openConnectionStore({
    env: { D365_HOME: folder, HOME: folder, D365_VAULT_KEYS: keyText },
  });
  for (const made of [runtime, connection, definition, table, trigger, subscription, feed, endpoint])
    whole(made);
  for (const made of [sandbox, connector, client, store, runtime.services]) whole(made);
  const action = whole(definition.actions['case.create']!);
  return {
    ...{
      folder,
      manifest,
      sandbox,
      connector,
      client,
      settings,
      credential,
      runtime,
      connection,
      store,
      keys,
    },
    ...{ definition, table, trigger, subscription, feed, needs, read, endpoint, connections, small, clock },
    ...{ vault: await openVault({ store, keys }) },
    ...{ action, services: runtime.services },
    packages: (await readManifest(manifest)).packages,
    database: openSqliteFile(join(folder, 'fixture.db'), stateSchemaSqlite),
    close: () => sandbox.close(),
  };
}

export type Fixtures = Awaited<ReturnType<typeof openFixtures>>;
