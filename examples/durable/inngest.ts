import { type Client, ConnectorError, type Json, type JsonObject } from 'dynamics365-connector';
import { type GetStepTools, type Inngest, NonRetriableError, RetryAfterError } from 'inngest';

/** The part of a function's context that a step needs. */
interface StepContext {
  readonly runId: string;
  readonly step: GetStepTools<Inngest>;
}

/** Runs an action as a step: `await runStep(client, { runId, step }, { id: 'open', action: 'case.create', input })`. */
export function runStep(
  client: Client,
  { runId, step }: StepContext,
  { id, action, input }: { readonly id: string; readonly action: string; readonly input: JsonObject },
): Promise<Json> {
  return step.run(id, async () => {
    try {
      // The key is the same for every attempt; step ids must be unique within a function.
      const { output } = await client.run(action, input, { idempotencyKey: `${runId}/${id}` });
      return output;
    } catch (error) {
      throw error instanceof ConnectorError ? toInngestError(error) : error;
    }
  }) as Promise<Json>;
}

function toInngestError(error: ConnectorError): Error {
  const { retryable, details, message, advice } = error;
  const text = `${message}\nNext: ${advice}`;
  if (!retryable) return new NonRetriableError(text, { cause: error });
  const { retryAfterMs } = details; // from Dataverse's Retry-After
  return retryAfterMs === undefined ? error : new RetryAfterError(text, retryAfterMs, { cause: error });
}
