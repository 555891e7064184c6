/**
 * Runs triggers without a workflow host: polls, keeps events in a durable outbox, and delivers them.
 * `import { … } from 'dynamics365-connector-worker'`
 */

export type { OpenedPush } from './config/open-push.ts';
export {
  type OpenedWorkerFile,
  openWorkerFile,
  readWorkerManifest,
  type WorkerEnvironment,
} from './config/open-worker-file.ts';
export { DeliveryError, type DeliveryFailureKind } from './delivery/delivery-error.ts';
export type { EventHandler, EventHandlerContext } from './delivery/event-handler.ts';
export { type DeliveryRetry, defaultDeliveryRetry } from './delivery/retry-schedule.ts';
export { formatDuration } from './format-duration.ts';
export {
  type Counter,
  createCounter,
  createHistogram,
  createWorkerMetrics,
  type Histogram,
  type PrintedCounter,
  type PrintedHistogram,
  type WorkerMetrics,
} from './metrics.ts';
export { formatWorkerMetrics, type MetricsServer, serveMetrics } from './metrics-server.ts';
export { type ConnectionsByName, createPoller, type FeedOptions } from './poller.ts';
export { openPostgresWorkerStore } from './postgres/open-postgres-worker-store.ts';
export { createPush, type Push } from './push/create-push.ts';
export type { PushOptions } from './push/push-options.ts';
export type {
  PushAnswer,
  PushedFeed,
  PushReceiver,
  PushRoute,
  ReceivedRequest,
} from './push/push-receiver.ts';
export {
  assertPushAddress,
  groupPushed,
  type OpenedRoute,
  openRoute,
  type PushAddress,
} from './push/push-routes.ts';
export { type PushServer, servePush } from './push/push-server.ts';
export { createReread } from './reread-item.ts';
export { openSqliteWorkerStore, type SqliteWorkerStoreOptions } from './sqlite/open-sqlite-worker-store.ts';
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
  needsAttention,
  type PollFailure,
  type PushFigures,
  pausedByUser,
  type StoredSubscription,
  type SubscriptionState,
  type SubscriptionStatus,
  subscriptionStates,
} from './subscription-status.ts';
export { createUnblock } from './unblock-connection.ts';
export { openWebhookSubscription, type WebhookSubscriptionSettings } from './webhook-subscription.ts';
export { runWorker } from './worker.ts';
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
export { type ProcessSettings, workerProcessSettings } from './worker-process.ts';
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
