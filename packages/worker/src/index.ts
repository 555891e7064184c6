/**
 * Runs triggers without a workflow host: polls, keeps events in a durable outbox, and delivers them.
 * `import { … } from 'dynamics365-connector-worker'`
 */

import { guardFunctions } from 'dynamics365-connector/host';
import * as openWorkerFileModule from './config/open-worker-file.ts';
import * as formatDurationModule from './format-duration.ts';
import * as metrics from './metrics.ts';
import * as metricsServer from './metrics-server.ts';
import * as poller from './poller.ts';
import * as openPostgresWorkerStoreModule from './postgres/open-postgres-worker-store.ts';
import * as createPushModule from './push/create-push.ts';
import * as pushRoutes from './push/push-routes.ts';
import * as pushServer from './push/push-server.ts';
import * as rereadItem from './reread-item.ts';
import * as openSqliteWorkerStoreModule from './sqlite/open-sqlite-worker-store.ts';
import * as subscriptionStatus from './subscription-status.ts';
import * as unblockConnection from './unblock-connection.ts';
import * as webhookSubscription from './webhook-subscription.ts';
import * as worker from './worker.ts';

export type { OpenedPush } from './config/open-push.ts';
export type { OpenedWorkerFile, WorkerEnvironment } from './config/open-worker-file.ts';
export { DeliveryError, type DeliveryFailureKind } from './delivery/delivery-error.ts';
export type { EventHandler, EventHandlerContext } from './delivery/event-handler.ts';
export { type DeliveryRetry, defaultDeliveryRetry } from './delivery/retry-schedule.ts';
export type { Counter, Histogram, PrintedCounter, PrintedHistogram, WorkerMetrics } from './metrics.ts';
export type { MetricsServer } from './metrics-server.ts';
export type { ConnectionsByName, FeedOptions } from './poller.ts';
export type { Push } from './push/create-push.ts';
export type { PushOptions } from './push/push-options.ts';
export type {
  PushAnswer,
  PushedFeed,
  PushReceiver,
  PushRoute,
  ReceivedRequest,
} from './push/push-receiver.ts';
export type { OpenedRoute, PushAddress } from './push/push-routes.ts';
export type { PushServer } from './push/push-server.ts';
export type { SqliteWorkerStoreOptions } from './sqlite/open-sqlite-worker-store.ts';
export type {
  DeliverEvent,
  DuePoll,
  PollBatch,
  PollFeed,
  PollInput,
  PollOutcome,
  PushSettings,
  RereadItem,
  Subscription,
} from './subscription.ts';
export { defaultPushEveryMs } from './subscription.ts';
export {
  type FeedState,
  type PollFailure,
  type PushFigures,
  pausedByUser,
  type StoredSubscription,
  type SubscriptionState,
  type SubscriptionStatus,
  subscriptionStates,
} from './subscription-status.ts';
export type { WebhookSubscriptionSettings } from './webhook-subscription.ts';
export {
  type DeadLetterSelection,
  defaultKeepDeliveredMs,
  type EventOrder,
  type EventQuery,
  type EventState,
  eventStates,
  type HistoryRange,
  type StatusSample,
  type StoredEvent,
  type WorkerHistory,
} from './worker-history.ts';
export { defaultWorkerLimits, type WorkerLimits, type WorkerOptions } from './worker-options.ts';
export { workerProcessSettings } from './worker-process.ts';
export type {
  AcknowledgeOptions,
  Claim,
  ClaimedDelivery,
  ClaimLimits,
  DeliveryLimits,
  DeliveryRejection,
  FeedCommit,
  OutboxDelivery,
  OutboxEvent,
  PollCommit,
  PollRelease,
  ReplayMode,
  SubscriptionOrigin,
  WorkerStore,
} from './worker-store.ts';

export const { openWorkerFile, readWorkerManifest } = guardFunctions(openWorkerFileModule);
export const { formatDuration } = guardFunctions(formatDurationModule);
export const { createCounter, createHistogram, createWorkerMetrics } = guardFunctions(metrics);
export const { formatWorkerMetrics, serveMetrics } = guardFunctions(metricsServer);
export const { createPoller } = guardFunctions(poller);
export const { openPostgresWorkerStore } = guardFunctions(openPostgresWorkerStoreModule);
export const { createPush } = guardFunctions(createPushModule);
export const { assertPushAddress, groupPushed, openRoute } = guardFunctions(pushRoutes);
export const { servePush } = guardFunctions(pushServer);
export const { createReread } = guardFunctions(rereadItem);
export const { openSqliteWorkerStore } = guardFunctions(openSqliteWorkerStoreModule);
export const { needsAttention } = guardFunctions(subscriptionStatus);
export const { createUnblock } = guardFunctions(unblockConnection);
export const { openWebhookSubscription } = guardFunctions(webhookSubscription);
export const { runWorker } = guardFunctions(worker);
