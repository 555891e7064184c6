import { type Client, type JsonObject, loadConnector } from 'dynamics365-connector';
import { createSandbox } from 'dynamics365-connector-sandbox';

/** A client of the installed package, connected to an empty sandbox organization. */
export interface DurableFixture {
  readonly client: Client;
  /** Counts the accounts with a name. */
  countAccounts(name: string): Promise<number>;
  /** Makes the next request fail with 429 and a Retry-After in seconds. */
  throttleNextRequest(seconds: number): void;
  /** Makes the next request get no response. */
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
