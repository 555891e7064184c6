import type { Sandbox, SandboxOptions } from 'dynamics365-connector-sandbox';

/** Starts a sandbox; its code is loaded only for the commands that need one. */
export async function startLocalSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { createSandbox } = await import('dynamics365-connector-sandbox');
  return await createSandbox(options);
}
