import { type Client, loadConnector } from 'dynamics365-connector';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';

/** Where an example plays: a client, and the local organization behind it. */
export interface ExampleContext {
  readonly client: Client;
  readonly sandbox: Sandbox;
}

/**
 * Plays an example on a local organization with sample data, and closes it. In a program of your own the client comes
 * from `loadConnector().connect({ orgUrl }, credential)`, imported from `dynamics365-connector`.
 */
export async function runExample(
  example: (context: ExampleContext, print: (line: string) => void) => Promise<void>,
): Promise<void> {
  const sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'sample' }] });
  try {
    const connector = await loadConnector();
    const client = connector.connect(
      { orgUrl: sandbox.organization.origin },
      { kind: 'host', getToken: () => ({ token: sandbox.issueToken() }) },
      { allowLoopback: true },
    );
    await example({ client, sandbox }, console.log);
  } finally {
    await sandbox.close();
  }
}

/** Is this file the program, and not imported by a test? */
export function isMainModule(file: string): boolean {
  return process.argv[1] === file;
}
