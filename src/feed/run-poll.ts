import { ConnectorError } from '../errors/connector-error.ts';
import type { TriggerDefinition } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { Checkpoint, PollItem, PollResult } from '../model/plan.ts';
import type { Connection } from '../run/connection.ts';
import type { FeedWake, Retention } from './feed.ts';
import { openFeed, openSubscription, type SubscriptionOptions } from './open-feed.ts';
import { pollTrigger } from './poll-trigger.ts';
import { createRowReader } from './row-reader.ts';
import { sampleTrigger } from './sample-trigger.ts';

/** Options of one poll. */
export interface PollOptions extends SubscriptionOptions {
  /** Cancels the poll: it ends with ABORTED. */
  readonly signal?: AbortSignal;
  /** How far each poll reads back for late commits, in milliseconds; 10 minutes by default, at least 3. */
  readonly overlapMs?: number;
  /** How long the feed keeps changes for triggers that share it: 7 days or 100,000 changes by default. */
  readonly retention?: Partial<Retention>;
  /** Maximum number of items of one row within a minute; 30 by default. With more, the next poll is LOOP_DETECTED. */
  readonly maxRowItems?: number;
  /**
   * Something told that rows have changed, for example a webhook: only what is newer than the last poll is read, which
   * costs one request. Poll without it at times: it does not see what was committed late, deadlines and, without ids,
   * deletions.
   */
  readonly wake?: FeedWake;
  /** Continues after LOOP_DETECTED. */
  readonly resume?: boolean;
}

/**
 * Polls a trigger once: checks the params, reads the changes of its table since the last poll and returns those that the
 * trigger reports since the checkpoint.
 *
 * @throws INPUT_INVALID, CHECKPOINT_INVALID, LOOP_DETECTED, and the errors of the requests
 */
export async function runPoll(
  connection: Connection,
  trigger: TriggerDefinition,
  params: JsonObject,
  checkpoint: Checkpoint | undefined,
  { signal, ...options }: PollOptions = {},
): Promise<PollResult> {
  return await withRequestId(connection, trigger, async (requestId) => {
    const { from, ignoreChangesBy, ...readOptions } = options;
    const subscription = await openSubscription(connection, trigger, params, { from, ignoreChangesBy });
    const purpose = { operation: trigger.id, requestId, signal };
    const feed = await openFeed(connection, subscription.table, purpose);
    return await pollTrigger(feed, subscription, checkpoint, readOptions);
  });
}

/** Returns up to `maxItems` of the newest rows as items of a trigger. It uses no checkpoint and stores nothing. */
export async function runSample(
  connection: Connection,
  trigger: TriggerDefinition,
  params: JsonObject,
  maxItems: number,
): Promise<readonly PollItem[]> {
  return await withRequestId(connection, trigger, async (requestId) => {
    const subscription = await openSubscription(connection, trigger, params);
    const { table } = subscription;
    const reader = createRowReader(connection, table, { operation: trigger.id, requestId });
    return await sampleTrigger({ table, reader }, subscription, maxItems);
  });
}

/** Errors have the trigger's id and the request id. */
async function withRequestId<T>(
  { services }: Connection,
  trigger: TriggerDefinition,
  work: (requestId: string) => Promise<T>,
): Promise<T> {
  const requestId = services.uuid();
  try {
    return await work(requestId);
  } catch (error) {
    throw error instanceof ConnectorError ? error.withDetails({ operation: trigger.id, requestId }) : error;
  }
}
