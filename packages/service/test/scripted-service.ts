import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { ActionDefinition, ContractTest, loadConnector } from 'dynamics365-connector';
import { createClient, openConnection, runtimeOf } from 'dynamics365-connector/host';
import {
  createTestServices,
  testCredential,
  testOrigin,
  withTestServices,
} from '../../../src/authoring/contract/fixture.ts';
import {
  createScriptedSender,
  type ScriptedSender,
} from '../../../src/authoring/contract/scripted-sender.ts';
import { createApp, type ServiceApp } from '../src/app.ts';
import { scopes } from '../src/keys/scopes.ts';
import { createServiceMetrics } from '../src/service-metrics.ts';
import type { ServiceParts } from '../src/service-parts.ts';

type Connector = Awaited<ReturnType<typeof loadConnector>>;

/** The service on a port, with the connection `contoso`, whose organization answers as a contract test says. */
export interface ScriptedService {
  readonly url: string;
  /** The requests from now on are those of this test. */
  play(test: ContractTest): ScriptedSender;
  close(): void;
}

export async function startScriptedService(connector: Connector): Promise<ScriptedService> {
  let app: ServiceApp | undefined;
  const server = serve({
    fetch: (request, bindings) => app?.fetch(request, bindings) ?? new Response(null, { status: 503 }),
    hostname: '127.0.0.1',
    port: 0,
  });
  if (!server.listening) await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const play = (test?: ContractTest) => {
    const script = createScriptedSender(test?.exchanges ?? [], `${testOrigin}/api/data/v9.2`);
    app = createScriptedApp(connector, { url, script });
    return script;
  };
  play();
  return { url, play, close: () => server.close() };
}

interface AppScript {
  readonly url: string;
  readonly script: ScriptedSender;
}

const apiKey = { id: 'key_1', name: 'test', scopes, connections: ['*'], returnOrigins: [], createdAt: '' };

/** Each test has a clock, ids and a cache of its own. The parts that actions without a key do not reach are absent. */
function createScriptedApp(connector: Connector, { url, script }: AppScript): ServiceApp {
  const runtime = withTestServices(runtimeOf(connector), createTestServices(script.send));
  const connection = openConnection(runtime, { orgUrl: testOrigin }, testCredential);
  const opened = { connection, client: createClient(connection) };
  return createApp({
    ...{ connector, url, hosts: [], maxBodyBytes: 1e8 },
    keys: { find: async () => apiKey },
    metrics: createServiceMetrics(),
    clients: { open: async () => opened, opened: () => opened },
  } as unknown as ServiceParts);
}

/** The test of an action that a caller with a valid input would run first. */
export function firstTestOf({ tests }: ActionDefinition): ContractTest | undefined {
  return tests.find(({ fails }) => fails?.code !== 'INPUT_INVALID');
}
