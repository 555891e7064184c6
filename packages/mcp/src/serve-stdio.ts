import { once } from 'node:events';
import { serveStdio } from './mcp-sdk.ts';
import type { McpServerConfig } from './mcp-server-config.ts';
import { createMcpServerFactory } from './server-factory.ts';

/**
 * Serves MCP on the standard input and output of this process. Write nothing else to stdout.
 *
 * @param signal Stops the server.
 * @returns A promise that resolves when stdin ends or the signal aborts.
 */
export async function serveMcpStdio(config: McpServerConfig, signal?: AbortSignal): Promise<void> {
  const server = serveStdio(createMcpServerFactory(config));
  await once(process.stdin, 'close', { signal }).catch((error: Error) => {
    if (error.name !== 'AbortError') throw error;
  });
  await server.close();
}
