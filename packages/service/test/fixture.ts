import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type JsonObject,
  loadConnector,
  type RuntimeServices,
  Secret,
  type UntypedOperations,
} from 'dynamics365-connector';
import type { AnyConnector } from 'dynamics365-connector/host';
import { type ConnectionStore, openConnectionStore } from 'dynamics365-connector/node';
import { createSandbox, type Sandbox, type SandboxOptions } from 'dynamics365-connector-sandbox';
import { openSqliteWorkerStore } from 'dynamics365-connector-worker';
import { type NewApiKey, type Service, type ServiceOptions, scopes, startService } from '../src/index.ts';

/** An answer of the service, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON. */
  readonly body: JsonObject;
}

export interface CallOptions {
  readonly method?: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A sandbox, a service with the connection `contoso` to it, and an API key that may do everything. */
export interface ServiceFixture {
  readonly sandbox: Sandbox;
  readonly connector: AnyConnector;
  readonly connections: ConnectionStore;
  readonly service: Service;
  /** The key that may do everything. */
  readonly key: string;
  createKey(options?: Partial<NewApiKey>): Promise<string>;
  call(path: string, options?: CallOptions): Promise<Answer>;
  run(action: string, input: object, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  close(): Promise<void>;
}

export interface FixtureOptions {
  readonly sandbox?: SandboxOptions;
  readonly services?: Partial<RuntimeServices>;
  readonly service?: Partial<ServiceOptions>;
}

export async function openService(options: FixtureOptions = {}): Promise<ServiceFixture> {
  const sandbox = await createSandbox({
    organizations: [{ name: 'contoso', data: 'empty' }],
    ...options.sandbox,
  });
  const fixture = await openServiceFor(sandbox, options);
  return {
    ...fixture,
    async close() {
      await fixture.close();
      await sandbox.close();
    },
  };
}

/** The same for a sandbox that exists, which is not closed. */
export async function openServiceFor(
  sandbox: Sandbox,
  options: Omit<FixtureOptions, 'sandbox'> = {},
): Promise<ServiceFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'd365-service-'));
  const env = { D365_HOME: join(folder, 'home'), D365_KEY_FILE: join(folder, 'keys/vault.key') };
  const connections = await openConnectionStore({ env });
  const { app, organization, authority } = sandbox;
  const settings = { orgUrl: organization.origin, tenant: authority.tenantId };
  const local = { localAuthority: authority.url };
  await connections.save(
    { name: 'contoso', kind: 'app', settings, clientId: app.clientId, ...local },
    { secret: new Secret(app.clientSecret!) },
  );
  const connector = await loadConnector<UntypedOperations>({ ...options.services, store: connections.store });
  const workerStore = openSqliteWorkerStore(join(folder, 'worker.sqlite'));
  const service = await startService({
    ...{ connector, connections, workerStore, port: 0, allowedTargets: ['127.0.0.1'] },
    ...local,
    ...options.service,
  });
  const createKey = async (given: Partial<NewApiKey> = {}) =>
    (await service.keys.create({ name: 'Acme Helpdesk', scopes, ...given })).key;
  const key = await createKey();
  const call = createCall(service.listening, key);
  return {
    ...{ sandbox, connector, connections, service, key, createKey, call },
    run: (action, input, headers) =>
      call(`/v1/connections/contoso/actions/${action}`, { body: input, headers }),
    async close() {
      await service.close();
      await workerStore.close();
      connections.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Calls a service: with a body POST, else GET, unless `method` says otherwise. */
export function createCall(address: string, ownKey: string) {
  return async (path: string, { method, key = ownKey, headers, body }: CallOptions = {}): Promise<Answer> => {
    const response = await fetch(`${address}${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { authorization: `Bearer ${key}`, ...headers },
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
      redirect: 'manual',
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      get body() {
        return JSON.parse(text) as JsonObject;
      },
    };
  };
}
