import { once } from 'node:events';
import { loadMcpSdk } from './mcp-sdk.ts';
import type { McpServerConfig } from './mcp-server-config.ts';
import { createMcpServerFactory } from './server-factory.ts';

/** Serves MCP on this process's stdin and stdout until stdin ends or the signal aborts. Print nothing to stdout. */
export async function serveMcpStdio(config: McpServerConfig, signal?: AbortSignal): Promise<void> {
  const sdk = await loadMcpSdk();
  const running = sdk.serveStdio(createMcpServerFactory(sdk, config));
  const options = signal === undefined ? {} : { signal };
  await once(process.stdin, 'close', options).catch((error: Error) => {
    if (error.name !== 'AbortError') throw error;
  });
  await running.close();
}
