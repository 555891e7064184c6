import { Hono } from 'hono';
import { requireScope, type ServiceEnv } from '../request-context.ts';
import { formatMetrics } from '../service-metrics.ts';
import type { ServiceParts } from '../service-parts.ts';

/** https://prometheus.io/docs/specs/om/open_metrics_spec/ */
const openMetricsType = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** `GET /health` for a load balancer: whether the service reaches its store. It needs no API key and tells nothing else. */
export function createHealthRoute({ connections }: ServiceParts): Hono<ServiceEnv> {
  return new Hono<ServiceEnv>().get('/health', async (context) => {
    await connections.store.get('service/health');
    return context.json({ status: 'ok' });
  });
}

/** `GET /metrics` for Prometheus, with an API key that has the scope `metrics`. */
export function createMetricsRoute({ metrics, subscriptions }: ServiceParts): Hono<ServiceEnv> {
  return new Hono<ServiceEnv>().get('/metrics', async (context) => {
    requireScope(context, 'metrics');
    const text = await formatMetrics(metrics, subscriptions?.workerStore);
    return context.body(text, 200, { 'content-type': openMetricsType });
  });
}
