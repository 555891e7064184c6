import { type Client, loadConnector } from 'dynamics365-connector';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';

/** Where an example plays: a client, and the local organisation behind it. */
export interface Stage {
  readonly client: Client;
  readonly sandbox: Sandbox;
}

/**
 * Plays an example on a local organisation with sample data, and closes it. In a program of your own the client comes
 * from `loadConnector().connect({ orgUrl }, credential)`, imported from `dynamics365-connector`.
 */
export async function play(
  example: (stage: Stage, print: (line: string) => void) => Promise<void>,
): Promise<void> {
  const sandbox = await createSandbox({ organisations: [{ name: 'contoso', data: 'sample' }] });
  try {
    const connector = await loadConnector();
    const client = connector.connect(
      { orgUrl: sandbox.organisation.origin },
      { kind: 'host', bring: () => ({ token: sandbox.tokenFor() }) },
      { allowLoopback: true },
    );
    await example({ client, sandbox }, console.log);
  } finally {
    await sandbox.close();
  }
}

/** Is this file the program, and not imported by a test? */
export function isProgram(file: string): boolean {
  return process.argv[1] === file;
}
