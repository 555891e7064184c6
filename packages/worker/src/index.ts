/**
 * Triggers without a host: a durable outbox between Dataverse and whatever takes the events.
 * `import { … } from 'dynamics365-connector/worker'`
 */
export type { Handler, HandlerContext } from './delivery/handler.ts';
export { createMetrics, type WorkerMetrics } from './metrics.ts';
export { serveMetrics } from './metrics-server.ts';
export { type ConnectionsByName, createPoller } from './poller.ts';
export { openPostgresWorkerStore } from './postgres/open-store.ts';
export { type OpenedWorkerFile, openWorkerFile, type WorkerHome } from './settings/open-worker.ts';
export { openSqliteWorkerStore } from './sqlite/open-store.ts';
export type { Deliver, PollNews, PollSubscription, Subscription } from './subscription.ts';
export { runWorker } from './worker.ts';
export { standardLimits, type WorkerLimits, type WorkerParts } from './worker-parts.ts';
export type * from './worker-store.ts';
