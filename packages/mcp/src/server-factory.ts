import { randomBytes } from 'node:crypto';
import type { JsonObject, JsonSchema } from 'dynamics365-connector';
import { requireOperation, runtimeOf } from 'dynamics365-connector/host';
import { callAction, type ToolContext } from './call-action.ts';
import { findActions } from './find-actions.ts';
import {
  createRequestStateCodec,
  fromJsonSchema,
  McpServer,
  type McpServerFactory,
  type ServerContext,
} from './mcp-sdk.ts';
import type { McpServerConfig } from './mcp-server-config.ts';
import { addResources } from './resources.ts';
import { type ActionTool, selectTools, toResultSchema } from './select-tools.ts';
import { toToolResult } from './tool-results.ts';

const serverInstructions =
  'Ids are GUIDs: search or list rows to learn them. For anything that has no tool of its own, find_actions, then run_action.';

/** A factory of MCP servers, one for each connection or request, that share one client and its tokens. */
export function createMcpServerFactory(config: McpServerConfig): McpServerFactory {
  const stateCodec = createRequestStateCodec<string>({ key: randomBytes(32) });
  const toolContext: ToolContext = { config, stateCodec };
  const tools = selectTools(config);
  const { id: name, version, title } = runtimeOf(config.connector).definition;
  return () => {
    const server = new McpServer(
      { name, version, title },
      { instructions: serverInstructions, requestState: { verify: stateCodec.verify } },
    );
    for (const tool of tools) addActionTool(toolContext, server, tool);
    addFindTool(toolContext, server);
    addRunTool(toolContext, server);
    addResources(server, config);
    return server;
  };
}

function addActionTool(toolContext: ToolContext, server: McpServer, tool: ActionTool): void {
  const { action, name, inputSchema, outputSchema, annotations } = tool;
  server.registerTool(
    name,
    {
      title: action.title,
      description: action.description,
      inputSchema: toUncheckedSchema(inputSchema),
      outputSchema: toUncheckedSchema(outputSchema),
      annotations,
    },
    (input: JsonObject, context: ServerContext) =>
      callAction(toolContext, () => ({ action, input }), { server, context }),
  );
}

function addFindTool({ config }: ToolContext, server: McpServer): void {
  server.registerTool(
    'find_actions',
    {
      title: 'Find actions',
      description: 'Finds actions for run_action by words, with the schema of their input.',
      inputSchema: toUncheckedSchema<{ query: string }>({
        type: 'object',
        required: ['query'],
        properties: { query: { type: 'string', examples: ['qualify lead'] } },
      }),
      outputSchema: toUncheckedSchema({ type: 'object', properties: { actions: { type: 'array' } } }),
      annotations: { readOnlyHint: true },
    },
    async ({ query }) => toToolResult({ actions: findActions(config, String(query)) }),
  );
}

function addRunTool(toolContext: ToolContext, server: McpServer): void {
  const { connector, permissions = {} } = toolContext.config;
  const { actions } = runtimeOf(connector).definition;
  server.registerTool(
    'run_action',
    {
      title: 'Run action',
      description: 'Runs any action by its id.',
      inputSchema: toUncheckedSchema<{ action: string; input?: JsonObject }>({
        type: 'object',
        required: ['action'],
        properties: { action: { type: 'string', examples: ['lead.qualify'] }, input: { type: 'object' } },
      }),
      outputSchema: toUncheckedSchema(toResultSchema({})),
      annotations: {
        readOnlyHint: !Object.values(permissions).includes(true),
        destructiveHint: permissions.deletes === true,
      },
    },
    ({ action: id, input = {} }, context) => {
      const resolveAction = () => ({ action: requireOperation('action', actions, String(id)), input });
      return callAction(toolContext, resolveAction, { server, context });
    },
  );
}

/** A schema for the tool list only: the engine checks inputs itself, and its errors have issues and advice. */
function toUncheckedSchema<T = JsonObject>(schema: JsonSchema) {
  return fromJsonSchema<T>(schema, {
    getValidator: () => (value) => ({ valid: true, data: value as never, errorMessage: undefined }),
  });
}
