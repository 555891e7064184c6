import { createHash } from 'node:crypto';
import { type ActionDefinition, ConnectorError, type JsonObject } from 'dynamics365-connector';
import type { InputRequiredResult, McpServer, RequestStateCodec, Sdk, ServerContext } from './sdk.ts';

/** One call of an action that somebody has to agree to. */
export interface Question {
  readonly action: ActionDefinition;
  readonly input: JsonObject;
  /** The environment it would happen in. */
  readonly origin: string;
}

/** The connection that a question is asked over. */
export interface Asking {
  readonly server: McpServer;
  readonly context: ServerContext;
}

/**
 * Asks the user before an action destroys something or writes many rows. Answers the question to send, or undefined once the user has
 * said yes to this very action and input. ACTION_NOT_ALLOWED for a no, and where nobody can be asked.
 */
export async function confirm(
  sdk: Sdk,
  codec: RequestStateCodec<string>,
  { server, context, ...question }: Question & Asking,
): Promise<InputRequiredResult | undefined> {
  const { action } = question;
  const answer = sdk.inputResponse(context.mcpReq.inputResponses, 'confirm');
  if (answer.kind === 'elicit') {
    const isYes = answer.action === 'accept' && answer.content?.confirm === true;
    if (isYes && context.mcpReq.requestState() === fingerprint(question)) return undefined;
    throw notAllowed(action, 'the user did not agree', 'Ask the user what to do instead.');
  }
  if (!canAsk(server, context, sdk)) {
    const advice = 'Use a client that supports elicitation, or do it in Dynamics 365.';
    throw notAllowed(action, 'its user must agree, and this client cannot ask', advice);
  }
  return sdk.inputRequired({
    inputRequests: {
      confirm: sdk.inputRequired.elicit({ message: wording(question), requestedSchema: form }),
    },
    requestState: await codec.mint(fingerprint(question)),
  });
}

const form = {
  type: 'object' as const,
  properties: { confirm: { type: 'boolean' as const, title: 'Yes, do it' } },
  required: ['confirm'],
};

function wording({ action, input, origin }: Question): string {
  const text = JSON.stringify(input);
  const more = text.length - MOST_SHOWN;
  const shown = more > 0 ? `${text.slice(0, MOST_SHOWN)}\u2026 and ${more} characters more` : text;
  return `${action.title} on ${origin}? ${action.description}\n${shown}`;
}

/** Characters of an input that a person is shown. */
const MOST_SHOWN = 4000;

/** A yes counts for one action and one input. */
function fingerprint({ action, input, origin }: Question): string {
  return createHash('sha256')
    .update(JSON.stringify([origin, action.id, input]))
    .digest('base64url');
}

/** Clients say what they can do with each request, or, before 2026, once for all. */
function canAsk({ server }: McpServer, { mcpReq }: ServerContext, sdk: Sdk): boolean {
  const envelope: Readonly<Record<string, unknown>> = mcpReq.envelope ?? {};
  const declared = envelope[sdk.CLIENT_CAPABILITIES_META_KEY] ?? server.getClientCapabilities();
  return (declared as { readonly elicitation?: object } | undefined)?.elicitation !== undefined;
}

function notAllowed({ id }: ActionDefinition, why: string, advice: string): ConnectorError {
  return new ConnectorError('ACTION_NOT_ALLOWED', `${id} was not run: ${why}.`, { operation: id, advice });
}
