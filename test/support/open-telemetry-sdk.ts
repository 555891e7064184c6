import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';

/** The official SDK of OpenTelemetry, which keeps what it gets in memory. */
export interface OpenTelemetrySdk {
  /** Spans that have ended, in the order of their ends. */
  spans(): readonly ReadableSpan[];
  /** The only span with this name. */
  span(name: string): ReadableSpan;
  /** The spans directly below a span. */
  below(parent: ReadableSpan): readonly ReadableSpan[];
  /** The names of all metrics with the attributes of their series. */
  metrics(): Promise<ReadonlyMap<string, readonly object[]>>;
  reset(): void;
  /** Ends the registration, so that other tests have none. */
  close(): Promise<void>;
}

/** Registers the SDK in this process, as a program does that wants spans and metrics. */
export function registerOpenTelemetry(): OpenTelemetrySdk {
  const exporter = new InMemorySpanExporter();
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({
    exporter: metricExporter,
    exportIntervalMillis: 3_600_000,
  });
  const meters = new MeterProvider({ readers: [reader] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(
    new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
  );
  metrics.setGlobalMeterProvider(meters);
  const spans = () => exporter.getFinishedSpans();
  return {
    spans,
    span(name) {
      const found = spans().filter((span) => span.name === name);
      if (found.length === 1) return found[0]!;
      throw new Error(`${found.length} spans "${name}" among ${spans().map((span) => span.name)}`);
    },
    below: (parent) =>
      spans().filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent.spanContext().spanId),
    async metrics() {
      await reader.forceFlush();
      const scopes = metricExporter.getMetrics().at(-1)?.scopeMetrics ?? [];
      const all = scopes.flatMap(({ metrics: found }) => found);
      return new Map(
        all.map(({ descriptor, dataPoints }) => [
          descriptor.name,
          dataPoints.map(({ attributes }) => attributes),
        ]),
      );
    },
    reset: () => exporter.reset(),
    async close() {
      await meters.shutdown();
      for (const api of [trace, metrics, context, propagation]) api.disable();
    },
  };
}
