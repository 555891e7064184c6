import { createMcpHandler } from './mcp-sdk.ts';
import type { McpServerConfig } from './mcp-server-config.ts';
import { createMcpServerFactory } from './server-factory.ts';

/** MCP over Streamable HTTP as a handler of the Fetch API, for a host that has its own HTTP server and sign-in. */
export interface McpFetchHandler {
  /** Handles one request. The host has checked who sends it. */
  fetch(request: Request): Promise<Response>;
  close(): Promise<void>;
}

/**
 * Creates the handler of one connection.
 *
 * @example
 * const mcp = createMcpFetchHandler({ connector, client });
 * app.all('/mcp', (context) => mcp.fetch(context.req.raw));
 */
export function createMcpFetchHandler(config: McpServerConfig): McpFetchHandler {
  return createMcpHandler(createMcpServerFactory(config));
}
