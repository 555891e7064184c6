import type * as Api from '@opentelemetry/api';
import type { ServerAddress, Telemetry, Work, WorkKind, WorkOutcome, WorkSpan } from '../model/telemetry.ts';
import { importOptional } from './import-optional.ts';

/**
 * Spans and metrics for OpenTelemetry, by its API alone: the program chooses the SDK and where they go. Without an SDK,
 * nothing is recorded. The names of spans, attributes and metrics are in docs/telemetry.md.
 *
 * @throws PACKAGE_MISSING if `@opentelemetry/api` is not installed
 * @example const connector = await loadConnector({ telemetry: await openTelemetry() });
 * @see https://opentelemetry.io/docs/specs/semconv/
 */
export async function openTelemetry(): Promise<Telemetry> {
  const api = await importOptional(() => import('@opentelemetry/api'), {
    name: '@opentelemetry/api',
    feature: 'Telemetry',
    install: '@opentelemetry/api@1',
  });
  const tracer = api.trace.getTracer(scope);
  const record = createDurations(api);
  return {
    start(work) {
      const active = api.context.active();
      const parent = work.kind === 'request' ? api.propagation.extract(active, work.headers) : active;
      const options = {
        kind: api.SpanKind[spanKinds[work.kind]],
        attributes: spanAttributes(work),
        links: linksOf(api, work),
      };
      const span = tracer.startSpan(nameOf(work), options, parent);
      return new StartedSpan(api, { work, span, context: api.trace.setSpan(parent, span), record });
    },
  };
}

/** A delivery can take place long after its poll, and in another process: it is a trace of its own, with a link. */
function linksOf({ trace, propagation, ROOT_CONTEXT }: typeof Api, work: Work): Api.Link[] {
  if (work.kind !== 'delivery' || work.foundBy === undefined) return [];
  const context = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, { traceparent: work.foundBy }));
  return context === undefined ? [] : [{ context }];
}

const scope = 'dynamics365-connector';

/** Observes how long a piece of work took, in seconds. */
type RecordDuration = (work: Work, seconds: number, outcome: WorkOutcome) => void;

interface SpanParts {
  readonly work: Work;
  readonly span: Api.Span;
  readonly context: Api.Context;
  readonly record: RecordDuration;
}

class StartedSpan implements WorkSpan {
  readonly #api: typeof Api;
  readonly #parts: SpanParts;
  readonly #startedAt = performance.now();

  constructor(api: typeof Api, parts: SpanParts) {
    this.#api = api;
    this.#parts = parts;
  }

  run<T>(body: () => T): T {
    return this.#api.context.with(this.#parts.context, body);
  }

  headers(): Readonly<Record<string, string>> {
    const headers: Record<string, string> = {};
    this.#api.propagation.inject(this.#parts.context, headers);
    return headers;
  }

  end(outcome: WorkOutcome): void {
    const { work, span, record } = this.#parts;
    span.setAttributes(endAttributes(outcome));
    if (isFailure(work, outcome)) span.setStatus({ code: this.#api.SpanStatusCode.ERROR });
    span.end();
    record(work, (performance.now() - this.#startedAt) / 1000, outcome);
  }
}

/** An error of the caller is no error of a server. */
function isFailure({ kind }: Work, { error, status }: WorkOutcome): boolean {
  return error !== undefined && !(kind === 'request' && status !== undefined && status < 500);
}

const spanKinds = {
  action: 'INTERNAL',
  poll: 'INTERNAL',
  attempt: 'CLIENT',
  wait: 'INTERNAL',
  delivery: 'PRODUCER',
  request: 'SERVER',
} as const satisfies Readonly<Record<WorkKind, keyof typeof Api.SpanKind>>;

function nameOf(work: Work): string {
  switch (work.kind) {
    case 'action':
      return work.operation;
    case 'poll':
      return `poll ${work.operation}`;
    case 'attempt':
      return `${work.method} ${work.path}`;
    case 'wait':
      return `wait ${work.reason}`;
    case 'delivery':
      return `deliver ${work.subscription}`;
    case 'request':
      return `${work.method} ${work.route}`;
  }
}

/** Few values each, so that metrics can have them too. */
function metricAttributes(work: Work): Api.Attributes {
  switch (work.kind) {
    case 'attempt':
      return {
        'http.request.method': work.method,
        ...serverAttributes(work.server),
        'url.template': work.path,
      };
    case 'request':
      return { 'http.request.method': work.method, 'http.route': work.route };
    case 'delivery':
      return {
        'messaging.system': scope,
        'messaging.operation.name': 'deliver',
        'messaging.operation.type': 'send',
        'messaging.destination.name': work.subscription,
      };
    case 'wait':
      return { 'd365.wait.reason': work.reason };
    default:
      return { 'd365.operation': work.operation };
  }
}

/** Also ids, which would make a metric of each call. */
function spanAttributes(work: Work): Api.Attributes {
  const attributes = metricAttributes(work);
  switch (work.kind) {
    case 'action':
    case 'poll':
      return work.server === undefined ? attributes : { ...attributes, ...serverAttributes(work.server) };
    case 'attempt':
      return withAttempt(attributes, work);
    case 'delivery':
      attributes['d365.trigger'] = work.trigger;
      attributes['d365.delivery.target'] = work.target;
      attributes['d365.delivery.attempt'] = work.attempt;
      return withDefined(attributes, 'messaging.message.id', work.itemId);
    default:
      return attributes;
  }
}

function serverAttributes({ host, port }: ServerAddress): Api.Attributes {
  return { 'server.address': host, 'server.port': port };
}

/** https://opentelemetry.io/docs/specs/semconv/http/http-spans/ */
function withAttempt(attributes: Api.Attributes, work: Extract<Work, { kind: 'attempt' }>): Api.Attributes {
  const { scheme, host, port } = work.server;
  const { path, attempt = 1 } = work;
  const isDefault = port === (scheme === 'http' ? 80 : 443);
  // Without the keys of rows and the query, which can be personal data.
  attributes['url.full'] = `${scheme}://${host}${isDefault ? '' : `:${port}`}${path}`;
  if (attempt > 1) attributes['http.request.resend_count'] = attempt - 1;
  withDefined(attributes, 'd365.operation', work.operation);
  return withDefined(attributes, 'd365.request.id', work.requestId);
}

function resultAttributes(attributes: Api.Attributes, { status, error }: WorkOutcome): Api.Attributes {
  withDefined(attributes, 'http.response.status_code', status);
  return withDefined(attributes, 'error.type', error);
}

function endAttributes(outcome: WorkOutcome): Api.Attributes {
  const attributes = resultAttributes({}, outcome);
  withDefined(attributes, 'd365.service_request.id', outcome.serviceRequestId);
  withDefined(attributes, 'd365.server_code', outcome.serverCode);
  return withDefined(attributes, 'd365.count', outcome.count);
}

/** Adds an attribute that has a value; in place, because a span has a dozen. */
function withDefined(
  attributes: Api.Attributes,
  name: string,
  value: string | number | undefined,
): Api.Attributes {
  if (value !== undefined) attributes[name] = value;
  return attributes;
}

const metricNames = {
  action: 'd365.action.duration',
  poll: 'd365.poll.duration',
  wait: 'd365.wait.duration',
  attempt: 'http.client.request.duration',
  delivery: 'messaging.client.operation.duration',
  request: 'http.server.request.duration',
} as const satisfies Readonly<Record<WorkKind, string>>;

/** The boundaries that the conventions of HTTP advise, and longer ones for waits. */
const explicitBucketBoundaries = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60, 300,
];

function createDurations(api: typeof Api): RecordDuration {
  const meter = api.metrics.getMeter(scope);
  const histogram = (name: string) =>
    meter.createHistogram(name, { unit: 's', advice: { explicitBucketBoundaries } });
  const durations = Object.fromEntries(
    Object.entries(metricNames).map(([kind, name]) => [kind, histogram(name)]),
  ) as Readonly<Record<WorkKind, Api.Histogram>>;
  const items = meter.createCounter('d365.poll.items', { description: 'Items that polls have reported.' });
  return (work, seconds, outcome) => {
    const attributes = resultAttributes(metricAttributes(work), outcome);
    durations[work.kind].record(seconds, attributes);
    if (work.kind === 'poll' && outcome.count !== undefined) items.add(outcome.count, attributes);
  };
}
