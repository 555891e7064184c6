/**
 * The tools of a connector for programs that call a model themselves, with the AI SDK, LangChain or another kit. Nothing of
 * MCP is loaded.
 *
 * @example
 * import { jsonSchema, tool } from 'ai';
 * import { createTools, toAiSdkTools } from 'dynamics365-connector-mcp/tools';
 * const tools = toAiSdkTools(createTools({ connector, client, permissions: { writes: true } }), { jsonSchema, tool });
 */

import { guardFunctions } from 'dynamics365-connector/host';
import * as modelTools from './model-tools.ts';
import * as toolKits from './tool-kits.ts';

export type { ToolServerConfig } from './mcp-server-config.ts';
export type { ModelTool, ModelToolCall, ModelToolsConfig } from './model-tools.ts';
export type { McpPermissions } from './permissions.ts';
export type { AiSdk, LangChainTools } from './tool-kits.ts';

export const { createTools } = guardFunctions(modelTools);
export const { toAiSdkTools, toLangChainTools } = guardFunctions(toolKits);
