import { once } from 'node:events';
import { ConnectorError } from 'dynamics365-connector';
import { createIdMatcher, runtimeOf, suggest } from 'dynamics365-connector/host';
import { type McpServerConfig, serveMcpHttp, serveMcpStdio } from 'dynamics365-connector-mcp';
import { openClient } from '../open-client.ts';
import { parsePort } from '../parse-port.ts';
import type { Terminal } from '../terminal.ts';
import type { CommandContext } from './command-context.ts';

interface McpCommandOptions {
  readonly tools?: readonly string[];
  readonly allowWrites?: boolean;
  readonly allowDeletes?: boolean;
  readonly allowBulk?: boolean;
  readonly http?: string;
}

/**
 * `d365 mcp`: runs an MCP server until its client disconnects or a signal stops it. Over stdio, stdout has only
 * protocol messages.
 */
export default async function mcp({ terminal, options }: CommandContext<McpCommandOptions>) {
  const { tools, allowWrites = false, allowDeletes = false, allowBulk = false, http } = options;
  const opened = await openClient(options);
  checkToolPatterns(tools ?? [], Object.keys(runtimeOf(opened.connector).definition.actions));
  const permissions = { writes: allowWrites, deletes: allowDeletes, bulk: allowBulk };
  const config: McpServerConfig = { ...opened, tools, permissions };
  const stopped = new AbortController();
  const stop = () => stopped.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  if (http === undefined) await serveMcpStdio(config, stopped.signal);
  else await serveHttp(terminal, config, { port: parsePort('--http', http), signal: stopped.signal });
  return 0;
}

/** A pattern without a matching action is a typing error: it must not result in a server without tools. */
function checkToolPatterns(patterns: readonly string[], ids: readonly string[]): void {
  const unmatched = patterns.find((pattern) => !ids.some(createIdMatcher(pattern)));
  if (unmatched === undefined) return;
  const suggestions = suggest(unmatched, ids);
  throw new ConnectorError('SETTING_INVALID', `--tools "${unmatched}" matches no action.`, { suggestions });
}

async function serveHttp(
  terminal: Terminal,
  config: McpServerConfig,
  { port, signal }: { readonly port: number; readonly signal: AbortSignal },
): Promise<void> {
  const token = process.env.D365_MCP_TOKEN || undefined;
  const server = await serveMcpHttp(config, { port, token });
  terminal.printNote(`MCP on ${server.url}`);
  if (token === undefined) terminal.printNote(`Authorization: Bearer ${server.token}`);
  await once(signal, 'abort');
  await server.close();
}
