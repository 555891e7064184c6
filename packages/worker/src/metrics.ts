/** Counts values by one label. */
export interface Counter {
  add(label: string, by?: number): void;
}

/** A distribution of durations, in seconds. */
export interface Histogram {
  observe(seconds: number): void;
}

/** The metrics of a worker. */
export interface WorkerMetrics {
  readonly polls: Counter;
  readonly pollDuration: Histogram;
  readonly pollLateness: Histogram;
  readonly deliveries: Counter;
  readonly rescheduled: Counter;
  /** Requests to the receiver of webhooks, by status. */
  readonly pushRequests: Counter;
  /** All metrics as OpenMetrics text, without the final `# EOF`. */
  toOpenMetrics(): string;
}

const bucketBoundsSeconds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Creates the metrics of a worker, all 0. https://prometheus.io/docs/specs/om/open_metrics_spec/ */
export function createWorkerMetrics(): WorkerMetrics {
  const polls = createCounter('d365_worker_polls', 'outcome', 'Polls by outcome.');
  const pollDuration = createHistogram('d365_worker_poll_seconds', 'Duration of polls.');
  const pollLateness = createHistogram('d365_worker_poll_lateness_seconds', 'Lateness of polls.');
  const deliveries = createCounter('d365_worker_deliveries', 'outcome', 'Deliveries by outcome.');
  const rescheduled = createCounter(
    'd365_worker_rescheduled',
    'kind',
    'Subscriptions that had no scheduled poll.',
  );
  const pushRequests = createCounter(
    'd365_worker_push_requests',
    'status',
    'Requests to the receiver of webhooks by status.',
  );
  const all = [polls, pollDuration, pollLateness, deliveries, rescheduled, pushRequests];
  return {
    polls,
    pollDuration,
    pollLateness,
    deliveries,
    rescheduled,
    pushRequests,
    toOpenMetrics: () => all.map((metric) => metric.print()).join(''),
  };
}

/** A counter that can be printed as OpenMetrics text. */
export interface PrintedCounter extends Counter {
  print(): string;
}

/** A histogram that can be printed as OpenMetrics text. */
export interface PrintedHistogram extends Histogram {
  print(): string;
}

/** Creates a counter with one label, without values. */
export function createCounter(name: string, label: string, help: string): PrintedCounter {
  const counts = new Map<string, number>();
  return {
    add: (value: string, by = 1) => void counts.set(value, (counts.get(value) ?? 0) + by),
    print: () =>
      metricHeader(name, 'counter', help) +
      [...counts].map(([value, count]) => metricSample(`${name}_total`, { [label]: value }, count)).join(''),
  };
}

/** Creates a histogram of durations from 10 ms to a minute. */
export function createHistogram(name: string, help: string): PrintedHistogram {
  const buckets = bucketBoundsSeconds.map((bound) => ({ bound, count: 0 }));
  let sum = 0;
  let count = 0;
  return {
    observe(seconds: number) {
      for (const bucket of buckets) if (seconds <= bucket.bound) bucket.count += 1;
      sum += seconds;
      count += 1;
    },
    print: () =>
      [
        metricHeader(name, 'histogram', help),
        ...buckets.map((bucket) =>
          metricSample(`${name}_bucket`, { le: String(bucket.bound) }, bucket.count),
        ),
        metricSample(`${name}_bucket`, { le: '+Inf' }, count),
        metricSample(`${name}_sum`, {}, sum),
        metricSample(`${name}_count`, {}, count),
      ].join(''),
  };
}

/** The header lines of a metric. */
export function metricHeader(name: string, type: 'counter' | 'gauge' | 'histogram', help: string): string {
  return `# TYPE ${name} ${type}\n# HELP ${name} ${help}\n`;
}

/** One sample line: name, labels and value. */
export function metricSample(name: string, labels: Readonly<Record<string, string>>, value: number): string {
  const list = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  return `${name}${list.length === 0 ? '' : `{${list.join(',')}}`} ${value}\n`;
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
