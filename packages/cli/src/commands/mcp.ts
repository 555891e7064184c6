import { once } from 'node:events';
import { ConnectorError, loadConnector } from 'dynamics365-connector';
import { createIdMatcher, runtimeOf, suggest } from 'dynamics365-connector/host';
import { openConnectionStore } from 'dynamics365-connector/node';
import {
  type McpHttpOptions,
  type McpServerConfig,
  serveMcpHttp,
  serveMcpStdio,
} from 'dynamics365-connector-mcp';
import { openClient } from '../open-client.ts';
import { parsePort } from '../parse-port.ts';
import type { Terminal } from '../terminal.ts';
import type { CommandContext } from './command-context.ts';

interface McpCommandOptions {
  readonly tools?: readonly string[];
  readonly allowWrites?: boolean;
  readonly allowDeletes?: boolean;
  readonly allowBulk?: boolean;
  readonly allowMessages?: boolean;
  readonly http?: string;
  readonly files?: string;
  readonly issuer?: string;
  readonly audience?: string;
  readonly scope?: string;
  readonly onBehalfOf?: boolean;
  readonly listen?: string;
  readonly publicUrl?: string;
}

/**
 * `d365 mcp`: runs an MCP server until its client disconnects or a signal stops it. Over stdio, stdout has only
 * protocol messages.
 */
export default async function mcp({ terminal, options }: CommandContext<McpCommandOptions>) {
  const { tools, allowWrites, allowDeletes, allowBulk, allowMessages, http } = options;
  const opened = await openClient(options);
  checkToolPatterns(tools ?? [], Object.keys(runtimeOf(opened.connector).definition.actions));
  const permissions = {
    writes: allowWrites,
    deletes: allowDeletes,
    bulk: allowBulk,
    messages: allowMessages,
  };
  const { connector, client } = opened;
  const config: McpServerConfig = { connector, client, tools, permissions, files: options.files };
  const stopped = new AbortController();
  const stop = () => stopped.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  if (http === undefined) await serveMcpStdio(config, stopped.signal);
  else {
    const httpOptions = { ...(await readHttpOptions(options)), port: parsePort('--http', http) };
    await serveHttp(terminal, config, { httpOptions, signal: stopped.signal });
  }
  return 0;
}

/** A pattern without a matching action is a typing error: it must not result in a server without tools. */
function checkToolPatterns(patterns: readonly string[], ids: readonly string[]): void {
  const unmatched = patterns.find((pattern) => !ids.some(createIdMatcher(pattern)));
  if (unmatched === undefined) return;
  const suggestions = suggest(unmatched, ids);
  throw new ConnectorError('SETTING_INVALID', `--tools "${unmatched}" matches no action.`, { suggestions });
}

/** The options of the HTTP server. CONNECTION_INVALID if --on-behalf-of has no connection of an app. */
async function readHttpOptions(
  options: CommandContext<McpCommandOptions>['options'],
): Promise<McpHttpOptions> {
  const { issuer, audience, scope, listen: host, publicUrl } = options;
  const token = process.env.D365_MCP_TOKEN || undefined;
  if (issuer === undefined) return { token, host, publicUrl };
  if (audience === undefined) {
    throw new ConnectorError('SETTING_INVALID', '--issuer needs --audience.', {
      advice: 'Give the application ID URI of the app registration that callers sign in to.',
    });
  }
  const callers = { issuer, audience, scope };
  const connectCaller = options.onBehalfOf === true ? await onBehalfOfCaller(options) : undefined;
  return { callers, host, publicUrl, connectCaller };
}

/** Exchanges the token of each caller with the app of the connection. */
async function onBehalfOfCaller(
  options: CommandContext<McpCommandOptions>['options'],
): Promise<NonNullable<McpHttpOptions['connectCaller']>> {
  const connections = await openConnectionStore();
  const connector = await loadConnector({ manifest: options.manifest });
  const { saved, credential, options: connectOptions } = await connections.open(options.connection);
  if (credential.kind !== 'app') {
    const message = `"${saved.name}" is the connection of a user; --on-behalf-of needs that of an app.`;
    throw new ConnectorError('CONNECTION_INVALID', message);
  }
  const { app } = credential;
  return (caller) =>
    connector.connect(
      saved.settings,
      { kind: 'on-behalf-of', app, userToken: () => caller.token },
      connectOptions,
    );
}

async function serveHttp(
  terminal: Terminal,
  config: McpServerConfig,
  { httpOptions, signal }: { readonly httpOptions: McpHttpOptions; readonly signal: AbortSignal },
): Promise<void> {
  const server = await serveMcpHttp(config, httpOptions);
  terminal.printNote(`MCP on ${server.url}`);
  const { callers, token } = httpOptions;
  if (callers !== undefined) terminal.printNote(`Callers sign in at ${callers.issuer}`);
  else if (token === undefined) terminal.printNote(`Authorization: Bearer ${server.token}`);
  await once(signal, 'abort');
  await server.close();
}
