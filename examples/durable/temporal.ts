import {
  ApplicationFailure,
  activityInfo,
  canceled,
  cancellationSignal,
  heartbeat,
} from '@temporalio/activity';
import { type Client, ConnectorError, type Json, type JsonObject } from 'dynamics365-connector';

/** Activities for a Temporal worker, named after their actions; workflows call them with `proxyActivities`. */
export function createActivities(client: Client, actions: readonly string[]) {
  return Object.fromEntries(
    actions.map((action) => [action, (input: JsonObject) => runActivity(client, action, input)]),
  );
}

async function runActivity(client: Client, action: string, input: JsonObject): Promise<Json> {
  const { workflowExecution, activityId } = activityInfo();
  try {
    const { output } = await client.run(action, input, {
      idempotencyKey: JSON.stringify([workflowExecution, activityId]), // the same for every attempt
      signal: cancellationSignal(),
      onRows: heartbeat, // reports the progress of long lists
    });
    return output;
  } catch (error) {
    if (cancellationSignal().aborted) return canceled(); // throws Temporal's CancelledFailure
    if (!(error instanceof ConnectorError)) throw error;
    throw ApplicationFailure.create({
      type: error.code,
      message: `${error.message}\nNext: ${error.advice}`,
      nonRetryable: !error.retryable,
      nextRetryDelay: error.details.retryAfterMs, // from Dataverse's Retry-After
      details: [error.toJSON()],
    });
  }
}
