import { ConnectorError } from '../../errors/connector-error.ts';

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
export type Sdk = typeof import('@modelcontextprotocol/server') &
  Pick<typeof import('@modelcontextprotocol/server/stdio'), 'serveStdio'>;

/** Loads the SDK, which is installed by those who want MCP. PACKAGE_MISSING where it is not there. */
export async function loadSdk(): Promise<Sdk> {
  try {
    const { serveStdio } = await import('@modelcontextprotocol/server/stdio');
    return { ...(await import('@modelcontextprotocol/server')), serveStdio };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new ConnectorError(
      'PACKAGE_MISSING',
      'MCP needs @modelcontextprotocol/server, which is not installed.',
      { advice: 'Run: npm install @modelcontextprotocol/server@2' },
    );
  }
}
