import { type Client, type JsonObject, loadConnector } from 'dynamics365-connector';
import { createSandbox } from 'dynamics365-connector-sandbox';

/** The installed package with an empty organization on this machine. */
export interface DurableFixture {
  readonly client: Client;
  /** How many accounts have this name. */
  countAccounts(name: string): Promise<number>;
  /** The next request is told to come again after so many seconds. */
  throttleNextRequest(seconds: number): void;
  /** The next request is never answered. */
  dropNextResponse(): void;
  close(): Promise<void>;
}

export async function openFixture(): Promise<DurableFixture> {
  const sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }] });
  const { origin, faults } = sandbox.organization;
  const client = (await loadConnector()).connect(
    { orgUrl: origin },
    { kind: 'host', getToken: () => ({ token: sandbox.tokenFor() }) },
    { allowLoopback: true },
  );
  return {
    client,
    async countAccounts(name) {
      const { output } = await client.run('account.list');
      return (output as JsonObject[]).filter((row) => row.name === name).length;
    },
    throttleNextRequest: (seconds) =>
      void faults.add({ kind: 'status', status: 429, retryAfterSeconds: seconds }),
    dropNextResponse: () => void faults.add({ kind: 'no-response' }),
    close: () => sandbox.close(),
  };
}
