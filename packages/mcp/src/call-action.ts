import type { ActionDefinition, JsonObject, RunOptions } from 'dynamics365-connector';
import { checkInput } from 'dynamics365-connector/host';
import { type Asking, confirm } from './confirm.ts';
import type { McpHost } from './host.ts';
import { checkAllowed, needsConfirmation } from './permissions.ts';
import { answer, failure } from './results.ts';
import type { CallToolResult, InputRequiredResult, RequestStateCodec, Sdk, ServerContext } from './sdk.ts';

/** What calls are made with. */
export interface Desk {
  readonly sdk: Sdk;
  readonly host: McpHost;
  /** Seals what the user was asked, so that a yes cannot be carried over to something else. */
  readonly codec: RequestStateCodec<string>;
}

/** Runs an action for a tool: allowed, confirmed where it destroys or writes many rows, with progress. Errors are results too. */
export async function callAction(
  { sdk, host, codec }: Desk,
  find: () => { readonly action: ActionDefinition; readonly input: JsonObject },
  asking: Asking,
): Promise<CallToolResult | InputRequiredResult> {
  try {
    const { action, input } = find();
    checkAllowed(action, host.permissions);
    if (needsConfirmation(action)) {
      checkInput(host.connector.validator, action, input);
      const origin = host.client.metadata.origin;
      const question = await confirm(sdk, codec, { action, input, origin, ...asking });
      if (question !== undefined) return question;
    }
    return answer({ ...(await host.client.run(action.id, input, optionsOf(asking.context))) });
  } catch (error) {
    return failure(error);
  }
}

function optionsOf({ mcpReq }: ServerContext): RunOptions {
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
