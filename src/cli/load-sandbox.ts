import { ConnectorError } from '../errors/connector-error.ts';
import type { Sandbox, SandboxOptions } from '../sandbox/index.ts';

/** Starts a sandbox. Its libraries are optional, so they are looked for now and asked for by name when missing. */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { createSandbox } = await import('../sandbox/index.ts').catch((error: Error) => {
    const [, missing] = /'(oidc-provider|fast-xml-parser)'/.exec(error.message) ?? [];
    if (missing === undefined) throw error;
    throw new ConnectorError('PACKAGE_MISSING', `The sandbox needs ${missing}, which is not installed.`, {
      advice: 'Run: npm install oidc-provider@9 fast-xml-parser@5',
    });
  });
  return await createSandbox(options);
}
