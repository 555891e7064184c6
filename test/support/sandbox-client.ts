import { createSandbox, type Sandbox, type SandboxOptions } from 'dynamics365-connector-sandbox';
import type { Client } from '../../src/client/client.ts';
import type { Connector } from '../../src/client/connector.ts';
import { loadConnector, type World } from '../../src/index.ts';

/** A sandbox with a client that signs in to it as its first user, with a token that the host brings. */
export interface Bench {
  readonly sandbox: Sandbox;
  readonly connector: Connector;
  readonly client: Client;
  close(): Promise<void>;
}

/** Starts one; the world's parts may be replaced. */
export async function openBench(options: SandboxOptions = {}, world: Partial<World> = {}): Promise<Bench> {
  const sandbox = await createSandbox({ organisations: [{ name: 'contoso', data: 'empty' }], ...options });
  const connector = await loadConnector({ world });
  const client = connector.connect(
    { orgUrl: sandbox.organisation.origin },
    { kind: 'host', bring: () => ({ token: sandbox.tokenFor() }) },
    { allowLoopback: true },
  );
  return { sandbox, connector, client, close: () => sandbox.close() };
}
