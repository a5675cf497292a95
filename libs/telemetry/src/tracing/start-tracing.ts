import { randomUUID } from 'node:crypto';
import { parseKeyPairsIntoRecord } from '@opentelemetry/core';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { AlwaysOnSampler, BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_INSTANCE_ID, ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';
import { GenAiMetrics, type ServerOf } from '../genai/genai-metrics.js';
import { CallTracing } from './call-tracing.js';
import { Sampler } from './sampler.js';
import { watched } from './watched-exporter.js';

/** OpenTelemetry's own environment variables, as far as they are read here; parsed and checked before. */
export interface TracingEnvironment {
  /** Base URL of a collector (OTLP over HTTP, protobuf); without it nothing is traced. */
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  /** `name=value` pairs with commas between them, percent-encoded. */
  readonly OTEL_EXPORTER_OTLP_HEADERS?: string | undefined;
  readonly OTEL_SERVICE_NAME?: string | undefined;
  /** Share of the calls that are traced, from 0 to 1, where the caller did not decide. */
  readonly OTEL_TRACES_SAMPLER_ARG?: number | undefined;
  /** Milliseconds. */
  readonly OTEL_METRIC_EXPORT_INTERVAL?: number | undefined;
}

export interface TracingOptions {
  /** Where providers are, for `server.address`. */
  readonly serverOf?: ServerOf;
  /** Hears of the first export that fails after one that did not. */
  readonly onFault: (error: unknown) => void;
}

/** A name of a model is as long as its caller likes. */
const LONGEST_VALUE = 256;
/** An exporter tries again for so long; what comes meanwhile waits, and is dropped where it is too much. */
const LONGEST_EXPORT_MS = 5000;
/** A collector that is away must not hold up the end of the process. */
const LONGEST_SHUTDOWN_MS = 3000;

/** @returns undefined where no collector is set. */
export function startTracing(environment: TracingEnvironment, options: TracingOptions): CallTracing | undefined {
  const endpoint = environment.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return undefined;
  const base = endpoint.replace(/\/+$/, '');
  const collector = (path: string) => ({
    url: `${base}${path}`,
    headers: parseKeyPairsIntoRecord(environment.OTEL_EXPORTER_OTLP_HEADERS),
    timeoutMillis: LONGEST_EXPORT_MS,
  });
  const resource = defaultResource().merge(
    resourceFromAttributes({
      [ATTR_SERVICE_NAME]: environment.OTEL_SERVICE_NAME ?? 'parsimony',
      // Several processes count for themselves: without it their sums would overwrite each other.
      [ATTR_SERVICE_INSTANCE_ID]: randomUUID(),
    }),
  );
  const serverOf = options.serverOf ?? (() => undefined);
  const metrics = new GenAiMetrics(serverOf);
  const traces = new TracerProvider({
    resource,
    sampler: new AlwaysOnSampler(),
    spanLimits: { attributeValueLengthLimit: LONGEST_VALUE },
    spanProcessors: [
      new BatchSpanProcessor({ exporter: watched(new OTLPTraceExporter(collector('/v1/traces')), options.onFault) }),
    ],
  });
  const meters = new MeterProvider({
    resource,
    readers: [
      new PeriodicExportingMetricReader({
        exporter: watched(new OTLPMetricExporter(collector('/v1/metrics')), options.onFault),
        exportIntervalMillis: environment.OTEL_METRIC_EXPORT_INTERVAL ?? 60_000,
        metricProducers: [metrics],
      }),
    ],
  });
  return new CallTracing({
    tracer: traces.getTracer('parsimony'),
    metrics,
    sampler: new Sampler(environment.OTEL_TRACES_SAMPLER_ARG ?? 1),
    serverOf,
    shutdown: () => within(LONGEST_SHUTDOWN_MS, Promise.allSettled([traces.shutdown(), meters.shutdown()])),
  });
}

async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  await Promise.race([work, late]);
  clearTimeout(timer);
}
