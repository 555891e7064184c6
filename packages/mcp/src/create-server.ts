import { randomBytes } from 'node:crypto';
import type { JsonObject, JsonSchema } from 'dynamics365-connector';
import { lookUp } from 'dynamics365-connector/host';
import { callAction, type Desk } from './call-action.ts';
import { findActions } from './find-actions.ts';
import type { McpHost } from './host.ts';
import { addResources } from './resources.ts';
import { answer } from './results.ts';
import type { McpServer, McpServerFactory, Sdk, ServerContext } from './sdk.ts';
import { type ActionTool, chooseTools } from './tools.ts';

/** Makes servers, one for each connection or request, that share a client and its tokens. */
export function createServerFactory(sdk: Sdk, host: McpHost): McpServerFactory {
  const codec = sdk.createRequestStateCodec<string>({ key: randomBytes(32) });
  const desk: Desk = { sdk, host, codec };
  const tools = chooseTools(host);
  const { id: name, version, title } = host.connector.definition;
  return () => {
    const server = new sdk.McpServer(
      { name, version, title },
      { instructions, requestState: { verify: codec.verify } },
    );
    for (const tool of tools) addActionTool(desk, server, tool);
    addFindTool(desk, server);
    addRunTool(desk, server);
    addResources(sdk, server, host);
    return server;
  };
}

const instructions =
  'Ids are GUIDs: search or list rows to learn them. For anything that has no tool of its own, find_actions, then run_action.';

function addActionTool(
  desk: Desk,
  server: McpServer,
  { action, name, input, output, annotations }: ActionTool,
) {
  const { title, description } = action;
  server.registerTool(
    name,
    {
      title,
      description,
      inputSchema: unchecked(desk.sdk, input),
      outputSchema: unchecked(desk.sdk, output),
      annotations,
    },
    (args: JsonObject, context: ServerContext) =>
      callAction(desk, () => ({ action, input: args }), { server, context }),
  );
}

function addFindTool({ sdk, host }: Desk, server: McpServer): void {
  server.registerTool(
    'find_actions',
    {
      title: 'Find actions',
      description: 'Finds actions for run_action by words, with the schema of their input.',
      inputSchema: unchecked<{ query: string }>(sdk, {
        type: 'object',
        required: ['query'],
        properties: { query: { type: 'string', examples: ['qualify lead'] } },
      }),
      outputSchema: unchecked(sdk, { type: 'object', properties: { actions: { type: 'array' } } }),
      annotations: { readOnlyHint: true },
    },
    async ({ query }) => answer({ actions: findActions(host, String(query)) }),
  );
}

function addRunTool(desk: Desk, server: McpServer): void {
  const { connector, permissions } = desk.host;
  const { actions } = connector.definition;
  server.registerTool(
    'run_action',
    {
      title: 'Run action',
      description: 'Runs any action by its id.',
      inputSchema: unchecked<{ action: string; input?: JsonObject }>(desk.sdk, {
        type: 'object',
        required: ['action'],
        properties: { action: { type: 'string', examples: ['lead.qualify'] }, input: { type: 'object' } },
      }),
      outputSchema: unchecked(desk.sdk, {
        type: 'object',
        properties: { output: {}, meta: { type: 'object' }, error: { type: 'object' } },
      }),
      annotations: {
        readOnlyHint: !Object.values(permissions ?? {}).includes(true),
        destructiveHint: permissions?.deletes === true,
      },
    },
    ({ action: id, input = {} }, context) =>
      callAction(desk, () => ({ action: lookUp('action', actions, String(id)), input }), { server, context }),
  );
}

/** A schema for the list of tools. The engine checks inputs itself, and says more about what is wrong. */
function unchecked<T = JsonObject>(sdk: Sdk, schema: JsonSchema) {
  return sdk.fromJsonSchema<T>(schema, {
    getValidator: () => (value) => ({ valid: true, data: value as never, errorMessage: undefined }),
  });
}
