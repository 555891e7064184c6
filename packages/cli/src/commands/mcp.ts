import { once } from 'node:events';
import { ConnectorError } from 'dynamics365-connector';
import { createIdMatcher, suggest } from 'dynamics365-connector/host';
import type { McpServerConfig } from 'dynamics365-connector-mcp';
import { openClient } from '../open-client.ts';
import type { Terminal } from '../terminal.ts';
import type { CommandContext } from './command-context.ts';

interface McpCommandOptions {
  readonly tools?: readonly string[];
  readonly allowWrites?: boolean;
  readonly allowDeletes?: boolean;
  readonly allowBulk?: boolean;
  readonly http?: string;
}

/** `d365 mcp`: an MCP server until its client or Ctrl+C ends it. Over stdio nothing but protocol is on stdout. */
export default async function mcp({ terminal, options }: CommandContext<McpCommandOptions>) {
  const { tools, allowWrites = false, allowDeletes = false, allowBulk = false, http } = options;
  const opened = await openClient(options);
  checkTools(tools ?? [], Object.keys(opened.connector.definition.actions));
  const host: McpServerConfig = {
    ...opened,
    ...(tools === undefined ? {} : { tools }),
    permissions: { writes: allowWrites, deletes: allowDeletes, bulk: allowBulk },
  };
  const stopped = new AbortController();
  const stop = () => stopped.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  if (http === undefined) {
    const { serveMcpStdio } = await import('dynamics365-connector-mcp');
    await serveMcpStdio(host, stopped.signal);
  } else {
    await serveHttp(terminal, host, { port: parsePort(http), signal: stopped.signal });
  }
  return 0;
}

/** A pattern that fits nothing is a slip of the pen, not a wish for an empty list. */
function checkTools(patterns: readonly string[], ids: readonly string[]): void {
  const empty = patterns.find((pattern) => !ids.some(createIdMatcher(pattern)));
  if (empty === undefined) return;
  const suggestions = suggest(empty, ids);
  throw new ConnectorError('SETTING_INVALID', `--tools "${empty}" fits no action.`, { suggestions });
}

async function serveHttp(
  terminal: Terminal,
  host: McpServerConfig,
  { port, signal }: { readonly port: number; readonly signal: AbortSignal },
): Promise<void> {
  const { serveMcpHttp } = await import('dynamics365-connector-mcp');
  const token = process.env.D365_MCP_TOKEN;
  const server = await serveMcpHttp(host, { port, ...(token ? { token } : {}) });
  terminal.printNote(`MCP on ${server.url}`);
  if (!token) terminal.printNote(`Authorization: Bearer ${server.token}`);
  await once(signal, 'abort');
  await server.close();
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new ConnectorError('SETTING_INVALID', `--http takes a port from 0 to 65535, not "${text}".`);
}
