import { type Client, type JsonObject, loadConnector } from 'dynamics365-connector';
import { createSandbox } from 'dynamics365-connector/sandbox';

/** The installed package with an empty organisation on this machine. */
export interface Stage {
  readonly client: Client;
  /** How many accounts have this name. */
  count(name: string): Promise<number>;
  /** The next request is told to come again after so many seconds. */
  throttle(seconds: number): void;
  /** The next request is never answered. */
  fallSilent(): void;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const sandbox = await createSandbox({ organisations: [{ name: 'contoso', data: 'empty' }] });
  const { origin, faults } = sandbox.organisation;
  const client = (await loadConnector()).connect(
    { orgUrl: origin },
    { kind: 'host', bring: () => ({ token: sandbox.tokenFor() }) },
    { allowLoopback: true },
  );
  return {
    client,
    async count(name) {
      const { output } = await client.run('account.list');
      return (output as JsonObject[]).filter((row) => row.name === name).length;
    },
    throttle: (seconds) => void faults.add({ kind: 'status', status: 429, retryAfterSeconds: seconds }),
    fallSilent: () => void faults.add({ kind: 'silence' }),
    close: () => sandbox.close(),
  };
}
