import type { ActionDefinition, ConnectorDefinition, JsonSchema } from 'dynamics365-connector';
import { createIdMatcher, describeOperation, runtimeOf } from 'dynamics365-connector/host';
import { briefSchema } from './brief-schema.ts';
import type { ToolAnnotations } from './mcp-sdk.ts';
import type { McpServerConfig } from './mcp-server-config.ts';
import { isAllowed } from './permissions.ts';

/** An action as an MCP tool. */
export interface ActionTool {
  readonly action: ActionDefinition;
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  /** Absent for a default tool: what it answers is JSON that explains itself. */
  readonly outputSchema?: JsonSchema;
  readonly annotations: ToolAnnotations;
}

/**
 * The allowed actions that are listed as tools. Tools that the config names have their full schemas. The default tools
 * have brief schemas, because an AI client sends its whole tool list with every conversation.
 */
export function selectTools({ connector, tools, permissions }: McpServerConfig): readonly ActionTool[] {
  const { definition } = runtimeOf(connector);
  const isDefault = tools === undefined;
  const actions = isDefault ? featuredActions(definition) : matchingActions(definition, tools);
  return actions
    .filter((action) => isAllowed(action, permissions))
    .map((action) => (isDefault ? toDefaultTool(definition, action) : toFullTool(action)));
}

function toFullTool(action: ActionDefinition): ActionTool {
  return {
    action,
    name: toToolName(action.id),
    title: action.title,
    description: action.description,
    inputSchema: action.input,
    outputSchema: toResultSchema(action.outputSchema),
    annotations: toAnnotations(action),
  };
}

function toDefaultTool(definition: ConnectorDefinition, action: ActionDefinition): ActionTool {
  const [sentence = action.title] = action.description.split(/(?<=\.) /, 1);
  const { readOnlyHint, destructiveHint } = toAnnotations(action);
  return {
    action,
    name: toToolName(action.id),
    description: sentence,
    inputSchema: briefSchema(describeOperation(definition, action)),
    annotations: readOnlyHint === true ? { readOnlyHint } : { destructiveHint },
  };
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
    ...(effects.sendsMessage === true ? { openWorldHint: true } : {}),
  };
}
