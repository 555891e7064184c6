import type { JsonObject } from 'dynamics365-connector';
import { assertArguments, requireTextArgument } from './assert-arguments.ts';
import { findTool, type ToolDescription, tableTool } from './common-tools.ts';
import { describeTable } from './describe-table.ts';
import { type ActionFinder, createActionFinder, findActions } from './find-actions.ts';
import type { McpServerConfig } from './mcp-server-config.ts';

/** A tool that answers from the definition and the metadata: it runs no action. */
export interface ReadTool extends ToolDescription {
  /** @throws INPUT_INVALID for wrong arguments, and the errors of the metadata's requests */
  read(args: JsonObject): Promise<JsonObject>;
}

/** `find_actions` and `describe_table`. Actions are described when they are searched for the first time, and once. */
export function createReadTools(config: McpServerConfig): readonly ReadTool[] {
  let finder: ActionFinder | undefined;
  return [
    {
      ...findTool,
      async read(args) {
        assertArguments(findTool.name, args, ['query']);
        const query = requireTextArgument(findTool.name, args, { query: 'close ticket' });
        finder ??= createActionFinder(config);
        return findActions(config, finder, query);
      },
    },
    {
      ...tableTool,
      async read(args) {
        assertArguments(tableTool.name, args, ['table', 'search']);
        return await describeTable(config, args);
      },
    },
  ];
}
