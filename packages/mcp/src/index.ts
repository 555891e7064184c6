/**
 * The connector as an MCP server for AI clients.
 *
 * @example
 * import { serveMcpStdio } from 'dynamics365-connector-mcp';
 * await serveMcpStdio({ connector, client, permissions: { writes: true } });
 */

import { guardFunctions } from 'dynamics365-connector/host';
import * as fetchHandler from './fetch-handler.ts';
import * as serveHttp from './serve-http.ts';
import * as serveStdio from './serve-stdio.ts';

export type { Caller, CallerAuthOptions } from './caller-auth.ts';
export type { McpFetchHandler } from './fetch-handler.ts';
export type { McpServerConfig } from './mcp-server-config.ts';
export type { McpPermissions } from './permissions.ts';
export type { CallerSession, McpHttpOptions, McpHttpServer } from './serve-http.ts';

export const { createMcpFetchHandler } = guardFunctions(fetchHandler);
export const { serveMcpHttp } = guardFunctions(serveHttp);
export const { serveMcpStdio } = guardFunctions(serveStdio);
