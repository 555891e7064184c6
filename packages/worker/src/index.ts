/**
 * Runs triggers without a workflow host: polls, keeps events in a durable outbox, and delivers them.
 * `import { … } from 'dynamics365-connector-worker'`
 */

export { type OpenedWorkerFile, openWorkerFile, type WorkerEnvironment } from './config/open-worker-file.ts';
export type { EventHandler, EventHandlerContext } from './delivery/event-handler.ts';
export { createWorkerMetrics, type WorkerMetrics } from './metrics.ts';
export { type MetricsServer, serveMetrics } from './metrics-server.ts';
export { type ConnectionsByName, createPoller } from './poller.ts';
export { openPostgresWorkerStore } from './postgres/open-postgres-worker-store.ts';
export { openSqliteWorkerStore, type SqliteWorkerStoreOptions } from './sqlite/open-sqlite-worker-store.ts';
export type { DeliverEvent, PollBatch, PollInput, PollSubscription, Subscription } from './subscription.ts';
export { runWorker } from './worker.ts';
export { defaultWorkerLimits, type WorkerLimits, type WorkerOptions } from './worker-options.ts';
export type {
  Claim,
  ClaimLimits,
  DeliveryRejection,
  OutboxDelivery,
  OutboxEvent,
  PollCommit,
  PollFailure,
  PollRelease,
  StateWrites,
  StoredSubscription,
  SubscriptionStatus,
  WorkerStore,
} from './worker-store.ts';
export { pausedByUser } from './worker-store.ts';
