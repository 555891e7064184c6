import { createHash } from 'node:crypto';
import { type ActionDefinition, ConnectorError } from 'dynamics365-connector';
import { confirmationQuestion } from './confirmation-question.ts';
import {
  CLIENT_CAPABILITIES_META_KEY,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type McpServer,
  type RequestStateCodec,
  type ServerContext,
} from './mcp-sdk.ts';
import type { ConfirmationRequest } from './run-call.ts';

/** One tool call, with the server that received it. */
export interface ToolCall {
  readonly server: McpServer;
  readonly context: ServerContext;
}

/**
 * Asks the user to confirm an action that deletes data, sends a message or writes many rows.
 *
 * @returns The question to send to the client; undefined when the user has confirmed this action with this input.
 * @throws ACTION_NOT_ALLOWED when the user declines, the client does not support elicitation, or the question would not
 *   show all that is deleted or sent.
 * @see https://modelcontextprotocol.io/specification/draft/client/elicitation
 */
export async function requestConfirmation(
  stateCodec: RequestStateCodec<string>,
  request: ConfirmationRequest,
  { server, context }: ToolCall,
): Promise<InputRequiredResult | undefined> {
  const { action } = request;
  const response = inputResponse(context.mcpReq.inputResponses, 'confirm');
  if (response.kind === 'elicit') {
    const isConfirmed = response.action === 'accept' && response.content?.confirm === true;
    if (isConfirmed && context.mcpReq.requestState() === fingerprint(request)) return undefined;
    throw actionNotAllowed(action, 'the user did not confirm it', 'Ask the user what to do instead.');
  }
  if (!supportsElicitation(server, context)) {
    const option =
      action.effects.sendsMessage === true ? ' The operator can also start it with --allow-messages.' : '';
    const advice = `Tell the user, who can do it in Dynamics 365 or in a client that supports elicitation.${option}`;
    throw actionNotAllowed(action, 'the user must confirm it and this client does not support that', advice);
  }
  return inputRequired({
    inputRequests: {
      confirm: inputRequired.elicit({
        message: confirmationQuestion({ ...request, row: await request.readRow() }),
        requestedSchema: confirmationSchema,
      }),
    },
    requestState: await stateCodec.mint(fingerprint(request)),
  });
}

const confirmationSchema = {
  type: 'object' as const,
  properties: { confirm: { type: 'boolean' as const, title: 'Yes, do it' } },
  required: ['confirm'],
};

function fingerprint({ action, input, origin }: ConfirmationRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([origin, action.id, input]))
    .digest('base64url');
}

/** Clients of the 2026 protocol declare their capabilities in each request, older ones once for the connection. */
function supportsElicitation({ server }: McpServer, { mcpReq }: ServerContext): boolean {
  const envelope: Readonly<Record<string, unknown>> = mcpReq.envelope ?? {};
  const declared = envelope[CLIENT_CAPABILITIES_META_KEY] ?? server.getClientCapabilities();
  return (declared as { readonly elicitation?: object } | undefined)?.elicitation !== undefined;
}

function actionNotAllowed({ id }: ActionDefinition, reason: string, advice: string): ConnectorError {
  return new ConnectorError('ACTION_NOT_ALLOWED', `${id} was not run: ${reason}.`, { operation: id, advice });
}
