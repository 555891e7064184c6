import type { JsonObject, JsonSchema } from 'dynamics365-connector';
import type { ModelTool } from './model-tools.ts';

/** A tool as the function `tool` of the package `ai` takes it. */
export interface AiSdkTool {
  readonly description: string;
  readonly inputSchema: unknown;
  readonly needsApproval: (input: JsonObject) => boolean;
  readonly execute: (
    input: JsonObject,
    options: { readonly abortSignal?: AbortSignal },
  ) => Promise<JsonObject>;
}

/** The functions of the package `ai` that make a tool; the program imports them, so that any version can be used. */
export interface AiSdk {
  readonly jsonSchema: (schema: never) => unknown;
  readonly tool: (definition: never) => unknown;
}

/**
 * The tools for the AI SDK, by name. A call that deletes data, sends a message or writes many rows needs the approval of
 * the user, which the AI SDK asks for before it runs the tool.
 *
 * @example
 * import { generateText, jsonSchema, type ToolSet, tool } from 'ai';
 * const tools = toAiSdkTools<ToolSet[string]>(createTools({ connector, client }), { jsonSchema, tool });
 * await generateText({ model, tools, prompt });
 * @see https://ai-sdk.dev/docs/ai-sdk-core/tools-and-tool-calling
 */
export function toAiSdkTools<Tool>(
  tools: readonly ModelTool[],
  { jsonSchema, tool }: AiSdk,
): Record<string, Tool> {
  return Object.fromEntries(
    tools.map((one) => {
      const definition: AiSdkTool = {
        description: one.description,
        inputSchema: jsonSchema(one.inputSchema as never),
        needsApproval: (input) => one.needsApproval(input),
        execute: (input, { abortSignal }) => one.run(input, { signal: abortSignal, isApproved: true }),
      };
      return [one.name, tool(definition as never) as Tool];
    }),
  );
}

/** The function `tool` of `@langchain/core/tools`. */
export interface LangChainTools<Tool> {
  readonly tool: (
    run: (input: JsonObject, config?: { readonly signal?: AbortSignal }) => Promise<string>,
    fields: { readonly name: string; readonly description: string; readonly schema: JsonSchema },
  ) => Tool;
}

/**
 * The tools for LangChain and LangGraph. Calls that need the approval of the user ask by `approve` of `createTools`, and
 * are rejected without it.
 * https://docs.langchain.com/oss/javascript/langchain/tools
 */
export function toLangChainTools<Tool>(
  tools: readonly ModelTool[],
  { tool }: LangChainTools<Tool>,
): readonly Tool[] {
  return tools.map(({ name, description, inputSchema, run }) =>
    tool(async (input, config) => JSON.stringify(await run(input, { signal: config?.signal })), {
      name,
      description,
      schema: inputSchema,
    }),
  );
}
