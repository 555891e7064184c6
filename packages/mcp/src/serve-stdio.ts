import { once } from 'node:events';
import { createServerFactory } from './create-server.ts';
import type { McpHost } from './host.ts';
import { loadSdk } from './sdk.ts';

/** Serves MCP on this process's stdin and stdout until stdin ends or the signal aborts. Print nothing to stdout. */
export async function serveMcpStdio(host: McpHost, signal?: AbortSignal): Promise<void> {
  const sdk = await loadSdk();
  const served = sdk.serveStdio(createServerFactory(sdk, host));
  const options = signal === undefined ? {} : { signal };
  await once(process.stdin, 'close', options).catch((error: Error) => {
    if (error.name !== 'AbortError') throw error;
  });
  await served.close();
}
