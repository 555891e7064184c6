/**
 * The connector as an MCP server for AI clients.
 *
 * @example
 * import { serveMcpStdio } from 'dynamics365-connector-mcp';
 * await serveMcpStdio({ connector, client, permissions: { writes: true } });
 */

export type { Caller, CallerAuthOptions } from './caller-auth.ts';
export { createMcpFetchHandler, type McpFetchHandler } from './fetch-handler.ts';
export type { McpServerConfig } from './mcp-server-config.ts';
export type { McpPermissions } from './permissions.ts';
export { type CallerSession, type McpHttpOptions, type McpHttpServer, serveMcpHttp } from './serve-http.ts';
export { serveMcpStdio } from './serve-stdio.ts';
