import type { AnyClient, AnyConnector } from 'dynamics365-connector/host';
import type { McpPermissions } from './permissions.ts';

/** What an MCP server serves, and what its clients may do. */
export interface McpServerConfig {
  readonly connector: AnyConnector;
  /** The connected client that runs the actions. */
  readonly client: AnyClient;
  /** Ids of the actions to list as tools; `*` matches any text. Default: the `featured` actions of connector.yaml. */
  readonly tools?: readonly string[];
  /** Default: read-only. */
  readonly permissions?: McpPermissions;
}
