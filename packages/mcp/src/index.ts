/**
 * The connector as an MCP server, for AI clients: `npx d365 mcp`, or in a program of your own
 * `import { serveMcpStdio } from 'dynamics365-connector/mcp'`. Needs the package `@modelcontextprotocol/server`.
 */
export type { McpServerConfig } from './mcp-server-config.ts';
export type { McpPermissions } from './permissions.ts';
export { type McpHttpOptions, type McpHttpServer, serveMcpHttp } from './serve-http.ts';
export { serveMcpStdio } from './serve-stdio.ts';
