import * as mcp from 'dynamics365-connector-mcp';
import * as tools from 'dynamics365-connector-mcp/tools';
import * as mirror from 'dynamics365-connector-mirror';
import * as sandbox from 'dynamics365-connector-sandbox';
import * as service from 'dynamics365-connector-service';
import * as worker from 'dynamics365-connector-worker';
import { Secret } from '../../../src/index.ts';
import { whole } from '../hostile-values.ts';
import type { Fixtures } from './fixtures.ts';
import { type Subjects, subjectsOf } from './subject.ts';

const id = '2a8f6a3e-6f0c-4b6e-9f0e-6f1f6a3e2b10';
const stopped = AbortSignal.abort();
const silent = () => {};

/** The entry points of the packages. What would run until it is stopped is stopped already. */
export function packageSubjects(fixtures: Fixtures): readonly Subjects[] {
  return [...workerSubjects(fixtures), ...mirrorSubjects(fixtures), ...serverSubjects(fixtures)];
}

function workerSubjects({ folder, connection, connector, connections, store, clock }: Fixtures) {
  const environment = {
    connector,
    env: {},
    stdout: whole(process.stdout),
    savedConnections: whole(connections),
  };
  const metrics = whole(worker.createWorkerMetrics());
  const workerStore = whole(worker.openSqliteWorkerStore(`${folder}/worker.db`));
  const byName = new Map([['main', connection]]);
  const secret = new Secret(`whsec_${Buffer.alloc(32, 1).toString('base64')}`);
  const address = { url: 'https://push.example', secret };
  const local = { host: '127.0.0.1', port: 0 };
  const common = { store: workerStore, metrics, clock, log: silent };
  const webhook = { id: 'a', connection: 'main', trigger: 'case.created', url: 'https://a.example' };
  const subscription = worker.openWebhookSubscription(connector, { ...webhook, secret });
  const subscriptions = new Map([['a', subscription]]);
  const push = {
    address,
    connections: byName,
    subscriptions,
    ...common,
    store: { ...workerStore, state: store },
  };
  return [
    subjectsOf('worker', worker, {
      assertPushAddress: [address],
      createCounter: ['a', 'b', 'c'],
      createHistogram: ['a', 'b'],
      createPoller: [byName, { retention: { maxEntries: 10 } }],
      createPush: [push],
      createReread: [byName],
      createUnblock: [byName],
      createWorkerMetrics: [],
      formatDuration: [5000],
      formatWorkerMetrics: [{ store: workerStore, metrics }],
      groupPushed: [subscriptions],
      needsAttention: [{ state: 'paused', pausedBy: 'PAUSED' }],
      openPostgresWorkerStore: ['postgres://127.0.0.1:1/a?connect_timeout=1', silent],
      openRoute: [connection, 'main', { address, subscriptions: [subscription] }],
      openSqliteWorkerStore: [`${folder}/other.db`, { leaseMs: 1000 }],
      openWebhookSubscription: [connector, { ...webhook, secret, params: {}, everyMs: 1000 }],
      openWorkerFile: [`${folder}/worker.yaml`, environment],
      readWorkerManifest: [`${folder}/worker.yaml`],
      runWorker: [
        {
          ...common,
          subscriptions,
          poll: async () => [],
          limits: worker.defaultWorkerLimits,
          random: Math.random,
        },
        stopped,
      ],
      serveMetrics: [local, { store: workerStore, metrics }],
      servePush: [local, async () => ({ status: 200 })],
    }),
  ];
}

function mirrorSubjects({ folder, connection, connector, connections, clock }: Fixtures) {
  const environment = { connector, env: {}, savedConnections: whole(connections) };
  const target = whole(mirror.openSqliteTarget(`${folder}/mirror.db`));
  const options = { connection, target, tables: new Map([['account', {}]]), everyMs: 1000, log: silent };
  const row = { table: 'account', id };
  const load = async () => Promise.reject(new Error('not installed'));
  return [
    subjectsOf('mirror', mirror, {
      createMirrorRunner: [options],
      forgetRow: [target, row],
      openDuckdbTarget: [`${folder}/a.duckdb`, load],
      openMirrorFile: [`${folder}/mirror.yaml`, environment],
      openMirrorTarget: [`${folder}/mirror.yaml`, environment],
      openParquetTarget: [`${folder}/parquet`, load],
      openPostgresTarget: ['postgres://127.0.0.1:1/a?connect_timeout=1', 'd365'],
      openSqliteTarget: [`${folder}/other-mirror.db`],
      readMirrorManifest: [`${folder}/mirror.yaml`],
      readMirrorStatus: [target, clock],
      runMirror: [options, stopped],
      runMirrorOnce: [options, stopped],
      verifyMirror: [options, { repair: false }, stopped],
    }),
  ];
}

function serverSubjects({ connector, client, connections, vault, store, clock }: Fixtures) {
  const config = { connector, client, permissions: { writes: true }, tools: ['case.*'] };
  const made = whole(tools.createTools(config as never) as never);
  return [
    subjectsOf('mcp', mcp, {
      createMcpFetchHandler: [config],
      serveMcpHttp: [config, { host: '127.0.0.1', port: 0 }],
      // It reads the standard input of the process until that ends.
      serveMcpStdio: 'not called',
    }),
    subjectsOf('mcp/tools', tools, {
      createTools: [config],
      toAiSdkTools: [made, { jsonSchema: silent, tool: silent }],
      toLangChainTools: [made, { tool: silent }],
    }),
    subjectsOf('service', service, {
      forgetAnswers: [{ store, vault: whole(vault) }, id],
      isScope: ['actions:read'],
      openApiKeys: [store, clock],
      startService: [{ connector, connections: whole(connections), host: '127.0.0.1', port: 0 }],
      toProblem: [new Error('x')],
    }),
    subjectsOf('sandbox', sandbox, {
      createSandbox: [
        { organizations: [{ name: 'contoso', data: 'empty' }], users: [{ name: 'a@b.example' }], port: 0 },
      ],
    }),
  ];
}
