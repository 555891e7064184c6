import { createSandbox, type Sandbox, type SandboxOptions } from 'dynamics365-connector-sandbox';
import type { Client } from '../../src/client/client.ts';
import type { Connector } from '../../src/client/connector.ts';
import { loadConnector, type RuntimeServices, type UntypedOperations } from '../../src/index.ts';

/** A sandbox with a client that signs in to it as its first user, with a token that the host brings. */
export interface SandboxClient {
  readonly sandbox: Sandbox;
  readonly connector: Connector;
  readonly client: Client;
  close(): Promise<void>;
}

/** Starts one; the world's parts may be replaced. */
export async function openSandboxClient(
  options: SandboxOptions = {},
  world: Partial<RuntimeServices> = {},
): Promise<SandboxClient> {
  const sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }], ...options });
  const connector = await loadConnector<UntypedOperations>(world);
  const client = connector.connect(
    { orgUrl: sandbox.organization.origin },
    { kind: 'host', getToken: () => ({ token: sandbox.issueToken() }) },
    { allowLoopback: true },
  );
  return { sandbox, connector, client, close: () => sandbox.close() };
}
