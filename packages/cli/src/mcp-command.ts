import type { AddCommand } from './add-command.ts';
import { collectValue } from './collect-value.ts';

/** Registers `d365 mcp`. */
export function registerMcpCommand(addCommand: AddCommand): void {
  addCommand(
    'mcp',
    'serve the connector to AI clients (Model Context Protocol)',
    () => import('./commands/mcp.ts'),
  )
    .option('--tools <pattern>', 'actions that get their own tool: case.*; can be repeated', collectValue)
    .option('--allow-writes', 'allow actions that create and change rows')
    .option('--allow-deletes', 'allow actions that delete rows; the user confirms each call')
    .option(
      '--allow-bulk',
      'with --allow-writes: allow actions that write many rows; the user confirms each call',
    )
    .option(
      '--allow-messages',
      'send e-mails without a confirmation, for clients that ask before each call themselves',
    )
    .option('--files <folder>', 'tools may upload files of this folder by their path')
    .option('--http <port>', 'use Streamable HTTP on 127.0.0.1 instead of stdio; 0 chooses a free port')
    .option('--issuer <url>', 'with --http: callers sign in at this authority, and each has their own rights')
    .option('--audience <text>', 'with --issuer: application ID URI or client ID that the tokens are for')
    .option('--scope <name>', 'with --issuer: the scope that tokens must have')
    .option(
      '--on-behalf-of',
      'with --issuer: exchange the token of each caller, instead of acting as the caller',
    )
    .option(
      '--listen <address>',
      'with --issuer and --public-url: listen on this address instead of 127.0.0.1',
    )
    .option('--public-url <url>', 'with --http: the URL of the server as clients see it')
    .option('--connection <name>', 'a connection that `d365 connect` saved (default: the only one)')
    .addHelpText('after', mcpHelp);
}

const mcpHelp = `
Without --tools, the featured actions get their own tools, and more tools find and run any other action and
describe tables.
HTTP clients send the token of D365_MCP_TOKEN. Without that variable, a new token is created and printed.
Example:
  d365 mcp --connection contoso --allow-writes`;
