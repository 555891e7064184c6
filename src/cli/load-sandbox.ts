import { ConnectorError } from '../errors/connector-error.ts';
import type { Sandbox, SandboxOptions } from '../sandbox/index.ts';

/** Starts a sandbox. Its libraries are optional, so they are looked for now and asked for by name when missing. */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { createSandbox } = await import('../sandbox/index.ts').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new ConnectorError('PACKAGE_MISSING', 'The sandbox needs packages that are not installed.', {
      advice: 'Run: npm install oidc-provider@9 fast-xml-parser@5',
    });
  });
  return await createSandbox(options);
}
