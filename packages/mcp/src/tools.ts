import type { ActionDefinition, Definition, JsonSchema } from 'dynamics365-connector';
import { matchIds } from 'dynamics365-connector/host';
import type { McpHost } from './host.ts';
import { isAllowed } from './permissions.ts';
import type { ToolAnnotations } from './sdk.ts';
import { outline, slim } from './slim.ts';

/** An action as a tool. */
export interface ActionTool {
  readonly action: ActionDefinition;
  readonly name: string;
  readonly input: JsonSchema;
  readonly output: JsonSchema;
  readonly annotations: ToolAnnotations;
}

/**
 * The actions that are tools of their own. Those that were asked for carry their full schemas; the everyday ones are
 * slim, because an AI pays for every byte of its tool list in every conversation.
 */
export function chooseTools({ connector: { definition }, tools, permissions }: McpHost): ActionTool[] {
  const chosen = tools === undefined ? everyday(definition) : matching(definition, tools);
  return chosen
    .filter((action) => isAllowed(action, permissions))
    .map((action) => ({
      action,
      name: toolName(action.id),
      input: tools === undefined ? slim(action.input) : action.input,
      output: resultSchema(tools === undefined ? outline(action.outputSchema) : action.outputSchema),
      annotations: annotationsOf(action),
    }));
}

function everyday({ everyday, actions }: Definition): readonly ActionDefinition[] {
  return everyday.map((id) => actions[id]!);
}

function matching({ actions }: Definition, globs: readonly string[]): readonly ActionDefinition[] {
  const tests = globs.map(matchIds);
  return Object.values(actions).filter(({ id }) => tests.some((test) => test(id)));
}

/** `case.create` -> `case_create`: many clients take no dots. Ids have no underscores, so it stays unique. */
function toolName(id: string): string {
  return id.replaceAll('.', '_');
}

/** What every action's tool answers: `{ output, meta }` as `client.run` does, or `{ error }`. */
function resultSchema(output: JsonSchema): JsonSchema {
  return { type: 'object', properties: { output, meta: { type: 'object' }, error: { type: 'object' } } };
}

function annotationsOf({ effects }: ActionDefinition): ToolAnnotations {
  if (effects.readOnly) return { readOnlyHint: true };
  return {
    readOnlyHint: false,
    destructiveHint: effects.destructive,
    idempotentHint: effects.idempotent,
  };
}
