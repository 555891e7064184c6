import type { ActionDefinition, JsonObject, RunOptions } from 'dynamics365-connector';
import { checkInput } from 'dynamics365-connector/host';
import { requestConfirmation, type ToolCall } from './confirm-action.ts';
import type {
  CallToolResult,
  InputRequiredResult,
  McpSdk,
  RequestStateCodec,
  ServerContext,
} from './mcp-sdk.ts';
import type { McpServerConfig } from './mcp-server-config.ts';
import { assertAllowed, needsConfirmation } from './permissions.ts';
import { toToolError, toToolResult } from './tool-results.ts';

/** What calls are made with. */
export interface ToolContext {
  readonly sdk: McpSdk;
  readonly config: McpServerConfig;
  /** Seals what the user was asked, so that a yes cannot be carried over to something else. */
  readonly stateCodec: RequestStateCodec<string>;
}

/** Runs an action for a tool: allowed, confirmed where it destroys or writes many rows, with progress. Errors are results too. */
export async function callAction(
  { sdk, config, stateCodec }: ToolContext,
  resolveAction: () => { readonly action: ActionDefinition; readonly input: JsonObject },
  call: ToolCall,
): Promise<CallToolResult | InputRequiredResult> {
  try {
    const { action, input } = resolveAction();
    assertAllowed(action, config.permissions);
    if (needsConfirmation(action)) {
      checkInput(config.connector.validator, action, input);
      const origin = config.client.metadata.origin;
      const request = await requestConfirmation(sdk, stateCodec, { action, input, origin, ...call });
      if (request !== undefined) return request;
    }
    return toToolResult({ ...(await config.client.run(action.id, input, runOptionsOf(call.context))) });
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
      // Somebody who does not listen any more is no reason to stop the work.
      mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {});
    },
  };
}
