import { randomBytes } from 'node:crypto';
import type { JsonObject, JsonSchema } from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
import { callAction, type ToolContext } from './call-action.ts';
import { findTool, runTool, tableTool } from './common-tools.ts';
import {
  type CallToolResult,
  createRequestStateCodec,
  fromJsonSchema,
  McpServer,
  type McpServerFactory,
  type ServerContext,
} from './mcp-sdk.ts';
import { assertServerConfig, type McpServerConfig, serverConfigTypes } from './mcp-server-config.ts';
import { resolveRun } from './model-tools.ts';
import { pageTools } from './page-tools.ts';
import { addPrompts } from './prompts.ts';
import { createReadTools, type ReadTool } from './read-tools.ts';
import { addResources } from './resources.ts';
import { type ActionTool, selectTools, toResultSchema } from './select-tools.ts';
import { toToolError, toToolResult } from './tool-results.ts';

const serverInstructions =
  'Ids are GUIDs: search or list rows to learn them. Lists return a few columns unless `columns` names others. For anything that has no tool of its own, find_actions, then run_action.';

/** A factory of MCP servers, one for each connection or request, that share one client and its tokens. */
export function createMcpServerFactory(given: McpServerConfig): McpServerFactory {
  const config = assertServerConfig(given, { of: 'an MCP server', types: serverConfigTypes });
  const stateCodec = createRequestStateCodec<string>({ key: randomBytes(32) });
  const toolContext: ToolContext = { config, stateCodec };
  const tools = selectTools(config);
  const readTools = createReadTools(config);
  const { id: name, version, title } = runtimeOf(config.connector).definition;
  const listed = [...tools.map(toListedTool), findTool, tableTool, runTool].map((one) => ({ ...one }));
  return () => {
    const server = new McpServer(
      { name, version, title },
      { instructions: serverInstructions, requestState: { verify: stateCodec.verify } },
    );
    for (const tool of tools) addActionTool(toolContext, server, tool);
    for (const tool of readTools) addReadTool(server, tool);
    addRunTool(toolContext, server);
    addResources(server, config);
    addPrompts(server);
    pageTools(server, listed);
    return server;
  };
}

function toListedTool({ action: _, ...listed }: ActionTool) {
  return listed;
}

function addActionTool(toolContext: ToolContext, server: McpServer, tool: ActionTool): void {
  const { action, name, title, description, inputSchema, outputSchema, annotations } = tool;
  server.registerTool(
    name,
    {
      ...(title === undefined ? {} : { title }),
      description,
      inputSchema: toUncheckedSchema(inputSchema),
      ...(outputSchema === undefined ? {} : { outputSchema: toUncheckedSchema(outputSchema) }),
      annotations,
    },
    (input: JsonObject, context: ServerContext) =>
      callAction(toolContext, () => ({ action, input }), { server, context }),
  );
}

function addReadTool(server: McpServer, { name, description, inputSchema, read }: ReadTool): void {
  const annotations = { readOnlyHint: true };
  server.registerTool(
    name,
    { description, inputSchema: toUncheckedSchema(inputSchema), annotations },
    (args) => answer(() => read(args)),
  );
}

function addRunTool(toolContext: ToolContext, server: McpServer): void {
  const { permissions = {}, tools } = toolContext.config;
  const { name, description, inputSchema } = runTool;
  server.registerTool(
    name,
    {
      description,
      inputSchema: toUncheckedSchema(inputSchema),
      ...(tools === undefined ? {} : { outputSchema: toUncheckedSchema(toResultSchema({})) }),
      annotations: {
        readOnlyHint: !Object.values(permissions).includes(true),
        destructiveHint: permissions.deletes === true,
      },
    },
    (args, context) =>
      callAction(toolContext, () => resolveRun(toolContext.config, args), { server, context }),
  );
}

async function answer(work: () => Promise<JsonObject>): Promise<CallToolResult> {
  try {
    return toToolResult({ ...(await work()) });
  } catch (error) {
    return toToolError(error);
  }
}

/** A schema for the tool list only: the engine checks inputs itself, and its errors have issues and advice. */
function toUncheckedSchema<T = JsonObject>(schema: JsonSchema) {
  return fromJsonSchema<T>(schema, {
    getValidator: () => (value) => ({ valid: true, data: value as never, errorMessage: undefined }),
  });
}
