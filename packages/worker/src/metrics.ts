/** Counts by one label. */
export interface Counter {
  add(label: string, by?: number): void;
}
/** A distribution, in seconds. */
export interface Histogram {
  observe(seconds: number): void;
}

/** What a worker counts about itself. */
export interface WorkerMetrics {
  readonly polls: Counter;
  readonly pollDuration: Histogram;
  readonly pollLateness: Histogram;
  readonly deliveries: Counter;
  readonly rescheduled: Counter;
  /** Everything counted so far, in the text of OpenMetrics but for its end. */
  toOpenMetrics(): string;
}

const bucketBoundsSeconds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Fresh counters. https://prometheus.io/docs/specs/om/open_metrics_spec/ */
export function createWorkerMetrics(): WorkerMetrics {
  const polls = createCounter('d365_worker_polls', 'outcome', 'Polls by how they ended.');
  const pollTime = createHistogram('d365_worker_poll_seconds', 'How long polls took.');
  const lateness = createHistogram('d365_worker_poll_lateness_seconds', 'How late polls began.');
  const deliveries = createCounter('d365_worker_deliveries', 'outcome', 'Deliveries by how they ended.');
  const rescheduled = createCounter(
    'd365_worker_rescheduled',
    'kind',
    'Subscriptions that nobody would have polled.',
  );
  const all = [polls, pollTime, lateness, deliveries, rescheduled];
  return {
    polls,
    pollDuration: pollTime,
    pollLateness: lateness,
    deliveries,
    rescheduled: rescheduled,
    toOpenMetrics: () => all.map((one) => one.print()).join(''),
  };
}

function createCounter(name: string, label: string, help: string) {
  const counts = new Map<string, number>();
  return {
    add: (value: string, by = 1) => void counts.set(value, (counts.get(value) ?? 0) + by),
    print: () =>
      metricHeader(name, 'counter', help) +
      [...counts].map(([value, count]) => metricSample(`${name}_total`, { [label]: value }, count)).join(''),
  };
}

function createHistogram(name: string, help: string) {
  const buckets = new Array<number>(bucketBoundsSeconds.length).fill(0);
  let sum = 0;
  let count = 0;
  return {
    observe(seconds: number) {
      bucketBoundsSeconds.forEach((bound, i) => {
        if (seconds <= bound) buckets[i]! += 1;
      });
      sum += seconds;
      count += 1;
    },
    print: () =>
      [
        metricHeader(name, 'histogram', help),
        ...bucketBoundsSeconds.map((bound, i) =>
          metricSample(`${name}_bucket`, { le: String(bound) }, buckets[i]!),
        ),
        metricSample(`${name}_bucket`, { le: '+Inf' }, count),
        metricSample(`${name}_sum`, {}, sum),
        metricSample(`${name}_count`, {}, count),
      ].join(''),
  };
}

/** The head of a metric family. */
export function metricHeader(name: string, type: 'counter' | 'gauge' | 'histogram', help: string): string {
  return `# TYPE ${name} ${type}\n# HELP ${name} ${help}\n`;
}

/** One line: a name, its labels, a number. */
export function metricSample(name: string, labels: Readonly<Record<string, string>>, value: number): string {
  const list = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  return `${name}${list.length === 0 ? '' : `{${list.join(',')}}`} ${value}\n`;
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
