import type { Client, Connector } from 'dynamics365-connector';
import type { McpPermissions } from './permissions.ts';

/** What an MCP server works with, and what it lets its users do. */
export interface McpServerConfig {
  readonly connector: Connector;
  readonly client: Client;
  /** Which actions are tools of their own: ids, with `*` for anything. The connector's everyday ones unless told. */
  readonly tools?: readonly string[];
  /** Nothing but reading unless told. */
  readonly permissions?: McpPermissions;
}
