export type {
  CallToolResult,
  InputRequiredResult,
  McpServer,
  McpServerFactory,
  RequestStateCodec,
  ServerContext,
  ToolAnnotations,
} from '@modelcontextprotocol/server';

/** The MCP SDK as far as we use it. */
export type McpSdk = typeof import('@modelcontextprotocol/server') &
  Pick<typeof import('@modelcontextprotocol/server/stdio'), 'serveStdio'>;

/** Loads the SDK when the first server starts. */
export async function loadMcpSdk(): Promise<McpSdk> {
  const { serveStdio } = await import('@modelcontextprotocol/server/stdio');
  return { ...(await import('@modelcontextprotocol/server')), serveStdio };
}
