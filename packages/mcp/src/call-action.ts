import type { RunOptions } from 'dynamics365-connector';
import { requestConfirmation, type ToolCall } from './confirm-action.ts';
import type { CallToolResult, InputRequiredResult, RequestStateCodec, ServerContext } from './mcp-sdk.ts';
import type { McpServerConfig } from './mcp-server-config.ts';
import { type ResolvedCall, runCall } from './run-call.ts';
import { readUploadedFile, toFileResult } from './tool-files.ts';
import { toToolError, toToolResult } from './tool-results.ts';

/** What every tool of one server uses. */
export interface ToolContext {
  readonly config: McpServerConfig;
  /** Signs the action and input of a confirmation request, so that a confirmation is valid for that call only. */
  readonly stateCodec: RequestStateCodec<string>;
}

/** Runs an action for a tool of a server, and reports progress. Errors are returned as tool results. */
export async function callAction(
  { config, stateCodec }: ToolContext,
  resolveAction: () => ResolvedCall,
  call: ToolCall,
): Promise<CallToolResult | InputRequiredResult> {
  try {
    const resolved = await readUploadedFile(resolveAction(), config.files);
    const outcome = await runCall(config, resolved, {
      ask: (request) => requestConfirmation(stateCodec, request, call),
      options: runOptionsOf(call.context),
    });
    if ('question' in outcome) return outcome.question;
    return toFileResult(resolved, outcome.result) ?? toToolResult({ ...outcome.result });
  } catch (error) {
    return toToolError(error);
  }
}

function runOptionsOf({ mcpReq }: ServerContext): RunOptions {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return { signal: mcpReq.signal };
  return {
    signal: mcpReq.signal,
    onRows(rows) {
      const params = { progressToken, progress: rows, message: `${rows} rows` };
      // A client that no longer listens must not stop the action.
      mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {});
    },
  };
}
