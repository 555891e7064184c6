import { createSandbox, type Sandbox, type SandboxOptions } from 'dynamics365-connector-sandbox';
import { openConnection } from '../../src/client/connect.ts';
import { type Connector, runtimeOf } from '../../src/client/connector.ts';
import type { AnyConnector } from '../../src/client/untyped.ts';
import { Secret } from '../../src/model/secret.ts';
import { loadConnector } from '../../src/node/load-connector.ts';
import { createPushEndpoint, type PushEndpoint } from '../../src/push/push-endpoint.ts';
import type { PushStep } from '../../src/push/push-steps.ts';
import type { Connection } from '../../src/run/connection.ts';

/** An organization, a connection to it, and the endpoint of its webhooks. */
export interface PushFixture {
  readonly sandbox: Sandbox;
  readonly connector: AnyConnector;
  readonly connection: Connection;
  readonly endpoint: PushEndpoint;
  /** A connection of the user, whose roles the test can change. */
  connectAsUser(): Connection;
  close(): Promise<void>;
}

export const pushSecret = new Secret('a secret of more than thirty-two characters');

export async function openPushFixture(
  url = 'http://127.0.0.1:8099/d365',
  options: SandboxOptions = {},
): Promise<PushFixture> {
  const sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }], ...options });
  const connector: AnyConnector = await loadConnector();
  const connect = (person: Parameters<Sandbox['issueToken']>[0]) =>
    openConnection(
      runtimeOf(connector as Connector),
      { orgUrl: sandbox.organization.origin },
      { kind: 'host', getToken: () => ({ token: sandbox.issueToken(person) }) },
      { allowLoopback: true },
    );
  return {
    sandbox,
    connector,
    connection: connect(sandbox.app),
    endpoint: await createPushEndpoint(url, 'contoso', pushSecret),
    connectAsUser: () => connect(sandbox.user),
    close: () => sandbox.close(),
  };
}

export const caseSteps: readonly PushStep[] = [
  { table: 'incident', message: 'Create' },
  { table: 'incident', message: 'Update', columns: ['prioritycode', 'title'] },
  { table: 'incident', message: 'Delete' },
];
