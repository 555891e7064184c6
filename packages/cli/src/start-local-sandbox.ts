import type { Sandbox, SandboxOptions } from 'dynamics365-connector-sandbox';

/** Starts a sandbox. Its package is imported here, so that other commands start faster. */
export async function startLocalSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { createSandbox } = await import('dynamics365-connector-sandbox');
  return await createSandbox(options);
}
