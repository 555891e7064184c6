import {
  createCounter,
  createHistogram,
  createWorkerMetrics,
  formatWorkerMetrics,
  type PrintedCounter,
  type PrintedHistogram,
  type WorkerMetrics,
  type WorkerStore,
} from 'dynamics365-connector-worker';

/** What the service counts. */
export interface ServiceMetrics {
  /** Requests by the status of their answer. */
  readonly requests: PrintedCounter;
  readonly requestDuration: PrintedHistogram;
  /** Of the worker that runs the subscriptions. */
  readonly worker: WorkerMetrics;
}

/** Creates the metrics of a service, all 0. */
export function createServiceMetrics(): ServiceMetrics {
  return {
    requests: createCounter('d365_service_requests', 'status', 'Requests by the status of their answer.'),
    requestDuration: createHistogram('d365_service_request_seconds', 'Time to the answer of a request.'),
    worker: createWorkerMetrics(),
  };
}

/** All metrics as OpenMetrics text: https://prometheus.io/docs/specs/om/open_metrics_spec/ */
export async function formatMetrics(
  { requests, requestDuration, worker }: ServiceMetrics,
  store: WorkerStore | undefined,
): Promise<string> {
  const subscriptions = store === undefined ? '' : await formatWorkerMetrics({ store, metrics: worker });
  return `${requests.print()}${requestDuration.print()}${subscriptions}# EOF\n`;
}
