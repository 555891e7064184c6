import type { Sandbox, SandboxOptions } from '../sandbox/index.ts';

/** Starts a sandbox; its code is loaded only for the commands that need one. */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { createSandbox } = await import('../sandbox/index.ts');
  return await createSandbox(options);
}
