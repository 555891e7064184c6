import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { assertListenAddress } from 'dynamics365-connector/host';
import { metricHeader, metricSample, type WorkerMetrics } from './metrics.ts';
import { needsAttention, type SubscriptionStatus, subscriptionStates } from './subscription-status.ts';
import type { WorkerStore } from './worker-store.ts';

/** A running metrics server. */
export interface MetricsServer {
  /** `http://127.0.0.1:9464/metrics` */
  readonly url: string;
  close(): void;
}

const contentType = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** Serves the metrics of the worker and gauges of its store as OpenMetrics text at `/metrics`. */
export async function serveMetrics(
  { host, port }: { readonly host: string; readonly port: number },
  { store, metrics }: { readonly store: Pick<WorkerStore, 'status'>; readonly metrics: WorkerMetrics },
): Promise<MetricsServer> {
  const server = createServer(async (request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') return void response.writeHead(404).end();
    try {
      const text = `${await formatWorkerMetrics({ store, metrics })}# EOF\n`;
      response.writeHead(200, { 'content-type': contentType }).end(text);
    } catch {
      response.writeHead(503).end();
    }
  });
  assertListenAddress(host, port);
  server.listen(port, host);
  await once(server, 'listening');
  const { port: boundPort } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${boundPort}/metrics`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The metrics of a worker and gauges of its store as OpenMetrics text, without the final `# EOF`. */
export async function formatWorkerMetrics({
  store,
  metrics,
}: {
  readonly store: Pick<WorkerStore, 'status'>;
  readonly metrics: WorkerMetrics;
}): Promise<string> {
  return `${metrics.toOpenMetrics()}${formatGauges(await store.status())}`;
}

function formatGauges(subscriptions: readonly SubscriptionStatus[]): string {
  const countIn = (state: SubscriptionStatus['state']) =>
    subscriptions.filter((subscription) => subscription.state === state).length;
  const sum = (name: 'waiting' | 'dead') =>
    subscriptions.reduce((total, subscription) => total + subscription[name], 0);
  return [
    metricHeader('d365_worker_subscriptions', 'gauge', 'Subscriptions by state.'),
    ...subscriptionStates.map((state) =>
      metricSample('d365_worker_subscriptions', { state }, countIn(state)),
    ),
    metricHeader('d365_worker_subscription_problem', 'gauge', 'Subscriptions that need attention.'),
    ...subscriptions.filter(needsAttention).map(({ id, state, failure, pausedBy = '' }) => {
      const labels = { subscription: id, state, code: failure?.code ?? pausedBy };
      return metricSample('d365_worker_subscription_problem', labels, 1);
    }),
    metricHeader('d365_worker_next_attempt_seconds', 'gauge', 'Time to the next attempt of what fails.'),
    ...subscriptions.map(({ id, nextAttemptInMs }) =>
      nextAttemptInMs === undefined
        ? ''
        : metricSample('d365_worker_next_attempt_seconds', { subscription: id }, nextAttemptInMs / 1000),
    ),
    metricHeader('d365_worker_baseline_rows', 'gauge', 'Rows of an unfinished baseline that were read.'),
    ...subscriptions.map(({ id, baseline }) =>
      baseline === undefined
        ? ''
        : metricSample('d365_worker_baseline_rows', { subscription: id }, baseline.done),
    ),
    ...formatPush(subscriptions),
    metricHeader('d365_worker_outbox', 'gauge', 'Events that wait for delivery, and dead letters.'),
    metricSample('d365_worker_outbox', { state: 'waiting' }, sum('waiting')),
    metricSample('d365_worker_outbox', { state: 'dead' }, sum('dead')),
  ].join('');
}

function formatPush(subscriptions: readonly SubscriptionStatus[]): readonly string[] {
  const name = 'd365_worker_push';
  const samples = subscriptions.flatMap(({ id, push }) =>
    push === undefined
      ? []
      : (['wakes', 'lost', 'unannounced'] as const).map((kind) =>
          metricSample(name, { subscription: id, kind }, push[kind]),
        ),
  );
  return [
    metricHeader(
      name,
      'gauge',
      'Polls that webhooks caused, webhooks that were lost, and changes without a webhook.',
    ),
    ...samples,
  ];
}
