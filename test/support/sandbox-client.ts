import { createSandbox, type Sandbox, type SandboxOptions } from 'dynamics365-connector-sandbox';
import type { Client } from '../../src/client/client.ts';
import type { Connector } from '../../src/client/connector.ts';
import { loadConnector, type RuntimeServices, type UntypedOperations } from '../../src/index.ts';
import type { Transport } from '../../src/node/create-sender.ts';
import { testTransport } from './test-transport.ts';

/** A sandbox and a client for it, which acts as its first user with a host token. */
export interface SandboxClient {
  readonly sandbox: Sandbox;
  readonly connector: Connector;
  readonly client: Client;
  close(): Promise<void>;
}

/**
 * Starts a sandbox and connects a client. `services` replaces single services of the client. Without `send`, the transport
 * of this run sends the requests, or another one.
 */
export async function openSandboxClient(
  options: SandboxOptions = {},
  {
    transport = testTransport(),
    ...services
  }: Partial<RuntimeServices> & { readonly transport?: Transport } = {},
): Promise<SandboxClient> {
  const sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }], ...options });
  const connector = await loadConnector<UntypedOperations>(
    services.send === undefined ? { ...services, transport } : services,
  );
  const client = connector.connect(
    { orgUrl: sandbox.organization.origin },
    { kind: 'host', getToken: () => ({ token: sandbox.issueToken() }) },
    { allowLoopback: true },
  );
  return { sandbox, connector, client, close: () => sandbox.close() };
}
