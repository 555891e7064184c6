import type { AddCommand } from './add-command.ts';

/** The commands that serve the connector to other programs. */
export function registerMcpCommand(addCommand: AddCommand): void {
  const collect = (value: string, previous: readonly string[] = []) => [...previous, value];
  addCommand(
    'mcp',
    'serve the connector to AI clients (Model Context Protocol)',
    () => import('./commands/mcp.ts'),
  )
    .option('--tools <ids>', 'actions that are tools of their own: case.*; may be repeated', collect)
    .option('--allow-writes', 'let it create and change rows')
    .option('--allow-deletes', 'let it delete; the user confirms each call')
    .option('--allow-bulk', 'also actions that write many rows in one call; each is confirmed by the user')
    .option('--http <port>', 'Streamable HTTP on 127.0.0.1 instead of stdio; 0 takes any free port')
    .option('--connection <name>', 'a connection made with `d365 connect` (default: the only one)')
    .addHelpText(
      'after',
      '\nWithout --tools: the everyday actions, one to find and one to run any other.\nOver HTTP the client shows the token in D365_MCP_TOKEN; without it a new one is made and printed.\nExample:\n  d365 mcp --connection contoso --allow-writes',
    );
}
