/**
 * The tools of a connector for programs that call a model themselves, with the AI SDK, LangChain or another kit. Nothing of
 * MCP is loaded.
 *
 * @example
 * import { jsonSchema, tool } from 'ai';
 * import { createTools, toAiSdkTools } from 'dynamics365-connector-mcp/tools';
 * const tools = toAiSdkTools(createTools({ connector, client, permissions: { writes: true } }), { jsonSchema, tool });
 */
export type { ToolServerConfig } from './mcp-server-config.ts';
export { createTools, type ModelTool, type ModelToolCall, type ModelToolsConfig } from './model-tools.ts';
export type { McpPermissions } from './permissions.ts';
export { type AiSdk, type LangChainTools, toAiSdkTools, toLangChainTools } from './tool-kits.ts';
