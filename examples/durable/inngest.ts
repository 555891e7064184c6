import { type Client, ConnectorError, type Json, type JsonObject } from 'dynamics365-connector';
import { type GetStepTools, type Inngest, NonRetriableError, RetryAfterError } from 'inngest';

/** Part of what a function is called with. */
interface StepContext {
  readonly runId: string;
  readonly step: GetStepTools<Inngest>;
}

/** An action as a step: `await runStep(client, { runId, step }, { id: 'open', action: 'case.create', input })`. */
export function runStep(
  client: Client,
  { runId, step }: StepContext,
  { id, action, input }: { readonly id: string; readonly action: string; readonly input: JsonObject },
): Promise<Json> {
  return step.run(id, async () => {
    try {
      // The same for each attempt; ids of steps must differ within a function.
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
  const { retryAfterMs } = details; // what Dataverse asked for
  return retryAfterMs === undefined ? error : new RetryAfterError(text, retryAfterMs, { cause: error });
}
