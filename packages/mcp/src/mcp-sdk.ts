/** The parts of the MCP TypeScript SDK that the server uses. https://github.com/modelcontextprotocol/typescript-sdk */
export {
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  createMcpHandler,
  createRequestStateCodec,
  fromJsonSchema,
  hostHeaderValidationResponse,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  McpServer,
  type McpServerFactory,
  originValidationResponse,
  type RequestStateCodec,
  ResourceNotFoundError,
  ResourceTemplate,
  type ServerContext,
  type ToolAnnotations,
} from '@modelcontextprotocol/server';
export { serveStdio } from '@modelcontextprotocol/server/stdio';
