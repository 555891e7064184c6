import { createHash } from 'node:crypto';
import { type ActionDefinition, ConnectorError, type JsonObject } from 'dynamics365-connector';
import type { InputRequiredResult, McpSdk, McpServer, RequestStateCodec, ServerContext } from './mcp-sdk.ts';

/** One call of an action that somebody has to agree to. */
export interface ConfirmationRequest {
  readonly action: ActionDefinition;
  readonly input: JsonObject;
  /** The environment it would happen in. */
  readonly origin: string;
}

/** The connection that a question is asked over. */
export interface ToolCall {
  readonly server: McpServer;
  readonly context: ServerContext;
}

/**
 * Asks the user before an action destroys something or writes many rows. Answers the question to send, or undefined once the user has
 * said yes to this very action and input. ACTION_NOT_ALLOWED for a no, and where nobody can be asked.
 */
export async function requestConfirmation(
  sdk: McpSdk,
  stateCodec: RequestStateCodec<string>,
  { server, context, ...request }: ConfirmationRequest & ToolCall,
): Promise<InputRequiredResult | undefined> {
  const { action } = request;
  const answer = sdk.inputResponse(context.mcpReq.inputResponses, 'confirm');
  if (answer.kind === 'elicit') {
    const isYes = answer.action === 'accept' && answer.content?.confirm === true;
    if (isYes && context.mcpReq.requestState() === fingerprint(request)) return undefined;
    throw actionNotAllowed(action, 'the user did not agree', 'Ask the user what to do instead.');
  }
  if (!supportsElicitation(server, context, sdk)) {
    const advice = 'Use a client that supports elicitation, or do it in Dynamics 365.';
    throw actionNotAllowed(action, 'its user must agree, and this client cannot ask', advice);
  }
  return sdk.inputRequired({
    inputRequests: {
      confirm: sdk.inputRequired.elicit({
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

function confirmationMessage({ action, input, origin }: ConfirmationRequest): string {
  const text = JSON.stringify(input);
  const hiddenCharacters = text.length - maxShownCharacters;
  const shown =
    hiddenCharacters > 0
      ? `${text.slice(0, maxShownCharacters)}\u2026 and ${hiddenCharacters} characters more`
      : text;
  return `${action.title} on ${origin}? ${action.description}\n${shown}`;
}

/** Characters of an input that a person is shown. */
const maxShownCharacters = 4000;

/** A yes counts for one action and one input. */
function fingerprint({ action, input, origin }: ConfirmationRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([origin, action.id, input]))
    .digest('base64url');
}

/** Clients say what they can do with each request, or, before 2026, once for all. */
function supportsElicitation({ server }: McpServer, { mcpReq }: ServerContext, sdk: McpSdk): boolean {
  const envelope: Readonly<Record<string, unknown>> = mcpReq.envelope ?? {};
  const declared = envelope[sdk.CLIENT_CAPABILITIES_META_KEY] ?? server.getClientCapabilities();
  return (declared as { readonly elicitation?: object } | undefined)?.elicitation !== undefined;
}

function actionNotAllowed({ id }: ActionDefinition, why: string, advice: string): ConnectorError {
  return new ConnectorError('ACTION_NOT_ALLOWED', `${id} was not run: ${why}.`, { operation: id, advice });
}
