import type { ActionDefinition, ConnectorDefinition, JsonSchema } from 'dynamics365-connector';
import { createIdMatcher, runtimeOf } from 'dynamics365-connector/host';
import { compactSchema, typeOnlySchema } from './compact-schema.ts';
import type { ToolAnnotations } from './mcp-sdk.ts';
import type { McpServerConfig } from './mcp-server-config.ts';
import { isAllowed } from './permissions.ts';

/** An action as an MCP tool. */
export interface ActionTool {
  readonly action: ActionDefinition;
  readonly name: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema: JsonSchema;
  readonly annotations: ToolAnnotations;
}

/**
 * The allowed actions that are listed as tools. Tools that the config names have their full schemas. The default
 * tools have compact schemas, because an AI client sends its whole tool list with every conversation.
 */
export function selectTools({ connector, tools, permissions }: McpServerConfig): ActionTool[] {
  const { definition } = runtimeOf(connector);
  const isDefault = tools === undefined;
  const actions = isDefault ? featuredActions(definition) : matchingActions(definition, tools);
  return actions
    .filter((action) => isAllowed(action, permissions))
    .map((action) => ({
      action,
      name: toToolName(action.id),
      inputSchema: isDefault ? compactSchema(action.input) : action.input,
      outputSchema: toResultSchema(isDefault ? typeOnlySchema(action.outputSchema) : action.outputSchema),
      annotations: toAnnotations(action),
    }));
}

function featuredActions({ featured, actions }: ConnectorDefinition): readonly ActionDefinition[] {
  return featured.flatMap((id) => actions[id] ?? []);
}

function matchingActions(
  { actions }: ConnectorDefinition,
  patterns: readonly string[],
): readonly ActionDefinition[] {
  const matchers = patterns.map(createIdMatcher);
  return Object.values(actions).filter(({ id }) => matchers.some((matches) => matches(id)));
}

/** `case.create` -> `case_create`: many clients do not accept dots. Action ids have no underscores, so names stay unique. */
function toToolName(id: string): string {
  return id.replaceAll('.', '_');
}

/** The schema of a tool's result: `{ output, meta }` as `client.run` returns it, or `{ error }`. */
export function toResultSchema(output: JsonSchema): JsonSchema {
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
