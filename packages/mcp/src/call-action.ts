import type { ActionDefinition, JsonObject, RunOptions } from 'dynamics365-connector';
import { checkInput, runtimeOf, untypedClient } from 'dynamics365-connector/host';
import { requestConfirmation, type ToolCall } from './confirm-action.ts';
import type { CallToolResult, InputRequiredResult, RequestStateCodec, ServerContext } from './mcp-sdk.ts';
import type { McpServerConfig } from './mcp-server-config.ts';
import { assertAllowed, needsConfirmation } from './permissions.ts';
import { toToolError, toToolResult } from './tool-results.ts';

/** What every tool of one server uses. */
export interface ToolContext {
  readonly config: McpServerConfig;
  /** Signs the action and input of a confirmation request, so that a confirmation is valid for that call only. */
  readonly stateCodec: RequestStateCodec<string>;
}

/**
 * Runs an action for a tool: checks the permissions, asks for confirmation where the action needs it, and reports
 * progress. Errors are returned as tool results.
 */
export async function callAction(
  { config, stateCodec }: ToolContext,
  resolveAction: () => { readonly action: ActionDefinition; readonly input: JsonObject },
  call: ToolCall,
): Promise<CallToolResult | InputRequiredResult> {
  try {
    const { action, input } = resolveAction();
    assertAllowed(action, config.permissions);
    if (needsConfirmation(action)) {
      checkInput(runtimeOf(config.connector).validator, action, input);
      const { origin } = config.client.metadata;
      const question = await requestConfirmation(stateCodec, { action, input, origin }, call);
      if (question !== undefined) return question;
    }
    return toToolResult({
      ...(await untypedClient(config.client).run(action.id, input, runOptionsOf(call.context))),
    });
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
