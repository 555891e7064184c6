import { randomBytes } from 'node:crypto';
import type { JsonObject, JsonSchema } from 'dynamics365-connector';
import { requireOperation } from 'dynamics365-connector/host';
import { callAction, type ToolContext } from './call-action.ts';
import { findActions } from './find-actions.ts';
import type { McpSdk, McpServer, McpServerFactory, ServerContext } from './mcp-sdk.ts';
import type { McpServerConfig } from './mcp-server-config.ts';
import { addResources } from './resources.ts';
import { type ActionTool, selectTools } from './select-tools.ts';
import { toToolResult } from './tool-results.ts';

/** Makes servers, one for each connection or request, that share a client and its tokens. */
export function createMcpServerFactory(sdk: McpSdk, config: McpServerConfig): McpServerFactory {
  const stateCodec = sdk.createRequestStateCodec<string>({ key: randomBytes(32) });
  const toolContext: ToolContext = { sdk, config, stateCodec };
  const tools = selectTools(config);
  const { id: name, version, title } = config.connector.definition;
  return () => {
    const server = new sdk.McpServer(
      { name, version, title },
      { instructions: serverInstructions, requestState: { verify: stateCodec.verify } },
    );
    for (const tool of tools) addActionTool(toolContext, server, tool);
    addFindTool(toolContext, server);
    addRunTool(toolContext, server);
    addResources(sdk, server, config);
    return server;
  };
}

const serverInstructions =
  'Ids are GUIDs: search or list rows to learn them. For anything that has no tool of its own, find_actions, then run_action.';

function addActionTool(
  toolContext: ToolContext,
  server: McpServer,
  { action, name, inputSchema, outputSchema, annotations }: ActionTool,
) {
  const { title, description } = action;
  server.registerTool(
    name,
    {
      title,
      description,
      inputSchema: toUncheckedSchema(toolContext.sdk, inputSchema),
      outputSchema: toUncheckedSchema(toolContext.sdk, outputSchema),
      annotations,
    },
    (args: JsonObject, context: ServerContext) =>
      callAction(toolContext, () => ({ action, input: args }), { server, context }),
  );
}

function addFindTool({ sdk, config }: ToolContext, server: McpServer): void {
  server.registerTool(
    'find_actions',
    {
      title: 'Find actions',
      description: 'Finds actions for run_action by words, with the schema of their input.',
      inputSchema: toUncheckedSchema<{ query: string }>(sdk, {
        type: 'object',
        required: ['query'],
        properties: { query: { type: 'string', examples: ['qualify lead'] } },
      }),
      outputSchema: toUncheckedSchema(sdk, { type: 'object', properties: { actions: { type: 'array' } } }),
      annotations: { readOnlyHint: true },
    },
    async ({ query }) => toToolResult({ actions: findActions(config, String(query)) }),
  );
}

function addRunTool(toolContext: ToolContext, server: McpServer): void {
  const { connector, permissions } = toolContext.config;
  const { actions } = connector.definition;
  server.registerTool(
    'run_action',
    {
      title: 'Run action',
      description: 'Runs any action by its id.',
      inputSchema: toUncheckedSchema<{ action: string; input?: JsonObject }>(toolContext.sdk, {
        type: 'object',
        required: ['action'],
        properties: { action: { type: 'string', examples: ['lead.qualify'] }, input: { type: 'object' } },
      }),
      outputSchema: toUncheckedSchema(toolContext.sdk, {
        type: 'object',
        properties: { output: {}, meta: { type: 'object' }, error: { type: 'object' } },
      }),
      annotations: {
        readOnlyHint: !Object.values(permissions ?? {}).includes(true),
        destructiveHint: permissions?.deletes === true,
      },
    },
    ({ action: id, input = {} }, context) =>
      callAction(toolContext, () => ({ action: requireOperation('action', actions, String(id)), input }), {
        server,
        context,
      }),
  );
}

/** A schema for the list of tools. The engine checks inputs itself, and says more about what is wrong. */
function toUncheckedSchema<T = JsonObject>(sdk: McpSdk, schema: JsonSchema) {
  return sdk.fromJsonSchema<T>(schema, {
    getValidator: () => (value) => ({ valid: true, data: value as never, errorMessage: undefined }),
  });
}
