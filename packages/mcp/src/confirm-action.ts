import { createHash } from 'node:crypto';
import { type ActionDefinition, ConnectorError, type JsonObject } from 'dynamics365-connector';
import {
  CLIENT_CAPABILITIES_META_KEY,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type McpServer,
  type RequestStateCodec,
  type ServerContext,
} from './mcp-sdk.ts';

/** One call of an action that the user must confirm. */
export interface ConfirmationRequest {
  readonly action: ActionDefinition;
  readonly input: JsonObject;
  /** Origin of the organization, which the question names. */
  readonly origin: string;
}

/** One tool call, with the server that received it. */
export interface ToolCall {
  readonly server: McpServer;
  readonly context: ServerContext;
}

/**
 * Asks the user to confirm an action that deletes data or writes many rows.
 *
 * @returns The question to send to the client; undefined when the user has confirmed this action with this input.
 * @throws ACTION_NOT_ALLOWED when the user declines or the client does not support elicitation.
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
    const advice = 'Use an MCP client that supports elicitation, or make the change in Dynamics 365.';
    throw actionNotAllowed(action, 'the user must confirm it and this client does not support that', advice);
  }
  return inputRequired({
    inputRequests: {
      confirm: inputRequired.elicit({
        message: confirmationMessage(request),
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

/** Characters of an input that the question shows. */
const maxShownCharacters = 4000;

function confirmationMessage({ action, input, origin }: ConfirmationRequest): string {
  const text = JSON.stringify(input);
  const hiddenCharacters = text.length - maxShownCharacters;
  const shown =
    hiddenCharacters > 0
      ? `${text.slice(0, maxShownCharacters)}\u2026 and ${hiddenCharacters} more characters`
      : text;
  return `${action.title} on ${origin}? ${action.description}\n${shown}`;
}

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
