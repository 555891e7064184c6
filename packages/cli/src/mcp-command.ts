import type { AddCommand } from './add-command.ts';

/** Registers `d365 mcp`. */
export function registerMcpCommand(addCommand: AddCommand): void {
  const collect = (value: string, previous: readonly string[] = []) => [...previous, value];
  addCommand(
    'mcp',
    'serve the connector to AI clients (Model Context Protocol)',
    () => import('./commands/mcp.ts'),
  )
    .option('--tools <pattern>', 'actions that get their own tool: case.*; can be repeated', collect)
    .option('--allow-writes', 'allow actions that create and change rows')
    .option('--allow-deletes', 'allow actions that delete rows; the user confirms each call')
    .option('--allow-bulk', 'allow actions that write many rows; the user confirms each call')
    .option('--http <port>', 'use Streamable HTTP on 127.0.0.1 instead of stdio; 0 chooses a free port')
    .option('--connection <name>', 'a connection that `d365 connect` saved (default: the only one)')
    .addHelpText('after', mcpHelp);
}

const mcpHelp = `
Without --tools, the featured actions get their own tools, and two more tools find and run any other action.
HTTP clients send the token of D365_MCP_TOKEN. Without that variable, a new token is created and printed.
Example:
  d365 mcp --connection contoso --allow-writes`;
