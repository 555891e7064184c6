import {
  type AnyClient,
  type AnyConnector,
  assertOptions,
  type OptionsRule,
} from 'dynamics365-connector/host';
import { assertPermissions, type McpPermissions } from './permissions.ts';

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

/** The names and types of the members of a config. */
export const serverConfigTypes = {
  connector: 'any',
  client: 'any',
  permissions: 'any',
  tools: 'any',
  files: 'text',
} as const;

/** A copy of a config. Throws SETTING_INVALID for a member or a permission that does not exist. */
export function assertServerConfig<Config extends McpServerConfig>(
  config: Config,
  rule: Pick<OptionsRule<Config>, 'of' | 'types'>,
): Config {
  const checked = assertOptions(config, { ...rule, code: 'SETTING_INVALID' });
  assertPermissions(checked.permissions);
  return checked;
}
