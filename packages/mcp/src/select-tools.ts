import type { ActionDefinition, ConnectorDefinition, JsonSchema } from 'dynamics365-connector';
import { createIdMatcher } from 'dynamics365-connector/host';
import { compactSchema, typeOnlySchema } from './compact-schema.ts';
import type { ToolAnnotations } from './mcp-sdk.ts';
import type { McpServerConfig } from './mcp-server-config.ts';
import { isAllowed } from './permissions.ts';

/** An action as a tool. */
export interface ActionTool {
  readonly action: ActionDefinition;
  readonly name: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema: JsonSchema;
  readonly annotations: ToolAnnotations;
}

/**
 * The actions that are tools of their own. Those that were asked for carry their full schemas; the everyday ones are
 * slim, because an AI pays for every byte of its tool list in every conversation.
 */
export function selectTools({
  connector: { definition },
  tools,
  permissions,
}: McpServerConfig): ActionTool[] {
  const chosen = tools === undefined ? featuredActions(definition) : matchingActions(definition, tools);
  return chosen
    .filter((action) => isAllowed(action, permissions))
    .map((action) => ({
      action,
      name: toToolName(action.id),
      inputSchema: tools === undefined ? compactSchema(action.input) : action.input,
      outputSchema: toResultSchema(
        tools === undefined ? typeOnlySchema(action.outputSchema) : action.outputSchema,
      ),
      annotations: toAnnotations(action),
    }));
}

function featuredActions({ featured, actions }: ConnectorDefinition): readonly ActionDefinition[] {
  return featured.map((id) => actions[id]!);
}

function matchingActions(
  { actions }: ConnectorDefinition,
  globs: readonly string[],
): readonly ActionDefinition[] {
  const tests = globs.map(createIdMatcher);
  return Object.values(actions).filter(({ id }) => tests.some((test) => test(id)));
}

/** `case.create` -> `case_create`: many clients take no dots. Ids have no underscores, so it stays unique. */
function toToolName(id: string): string {
  return id.replaceAll('.', '_');
}

/** What every action's tool answers: `{ output, meta }` as `client.run` does, or `{ error }`. */
function toResultSchema(output: JsonSchema): JsonSchema {
  return { type: 'object', properties: { output, meta: { type: 'object' }, error: { type: 'object' } } };
}

function toAnnotations({ effects }: ActionDefinition): ToolAnnotations {
  if (effects.readOnly) return { readOnlyHint: true };
  return {
    readOnlyHint: false,
    destructiveHint: effects.destructive,
    idempotentHint: effects.idempotent,
  };
}
