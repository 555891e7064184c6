import type { AnyClient, AnyConnector } from 'dynamics365-connector/host';
import type { McpPermissions } from './permissions.ts';

/** What the tools of a model work with, and what it may do. */
export interface ToolServerConfig {
  readonly connector: AnyConnector;
  /** The connected client that runs the actions. */
  readonly client: AnyClient;
  /** Default: read-only. */
  readonly permissions?: McpPermissions;
}

/** What an MCP server serves, and what its clients may do. */
export interface McpServerConfig extends ToolServerConfig {
  /** Ids of the actions to list as tools; `*` matches any text. Default: the `featured` actions of connector.yaml. */
  readonly tools?: readonly string[];
  /** A folder whose files tools may upload by `path`. Default: none. */
  readonly files?: string;
}
