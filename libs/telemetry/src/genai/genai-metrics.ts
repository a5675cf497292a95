import { ValueType, type Attributes, type HrTime } from '@opentelemetry/api';
import { hrTime, millisToHrTime } from '@opentelemetry/core';
import { emptyResource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  DataPointType,
  type CollectionResult,
  type DataPoint,
  type Histogram,
  type HistogramMetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';
import { ATTR_ERROR_TYPE, ATTR_SERVER_ADDRESS, ATTR_SERVER_PORT } from '@opentelemetry/semantic-conventions';
import type { Operation } from '@parsimony/contract';
import type { BucketSums } from '../bucket-sums.js';
import { AttemptSeries } from './attempt-series.js';
import { errorTypeOf, type FinishedAttempt } from './finished-attempt.js';
import { GEN_AI, genAiOperation, genAiProvider } from './names.js';

/** Where a provider's API is. */
export interface ServerAddress {
  readonly address: string;
  readonly port: number;
}

export type ServerOf = (provider: string) => ServerAddress | undefined;

/** Names that callers make up must not become attributes without end. */
const MOST_SERIES = 2000;
const LONGEST_NAME = 256;
const OTHER = 'other';

interface Instrument {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
}

const DURATION: Instrument = {
  name: 'gen_ai.client.operation.duration',
  description: 'GenAI operation duration.',
  unit: 's',
};
const TIME_TO_FIRST_CHUNK: Instrument = {
  name: 'gen_ai.client.operation.time_to_first_chunk',
  description: 'Time to receive the first chunk.',
  unit: 's',
};
const TOKEN_USAGE: Instrument = {
  name: 'gen_ai.client.token.usage',
  description: 'Number of input and output tokens used.',
  unit: '{token}',
};

type Point = readonly [Attributes, BucketSums];

/**
 * The GenAI client metrics of provider calls, counted in plain numbers and handed to OpenTelemetry when it exports: its
 * own `record` would cost some microseconds a call.
 */
export class GenAiMetrics implements MetricProducer {
  readonly #series = new Map<string, AttemptSeries>();
  readonly #byModel = new Map<string, Map<string, Partial<Record<Operation, AttemptSeries>>>>();
  readonly #startTime: HrTime = millisToHrTime(Date.now());

  constructor(private readonly serverOf: ServerOf) {}

  attempt(attempt: FinishedAttempt): void {
    this.#seriesOf(attempt).add(attempt, errorTypeOf(attempt));
  }

  async collect(): Promise<CollectionResult> {
    const series = [...this.#series.values()];
    const durations = series.flatMap(({ attributes, durations: byError }) =>
      [...byError].map(([error, sums]): Point => [withError(attributes, error), sums]),
    );
    const firstChunks = series.map(({ attributes, firstChunk }): Point => [attributes, firstChunk]);
    const tokens = series.flatMap(({ attributes, input, output }): Point[] => [
      [{ ...attributes, [GEN_AI.tokenType]: 'input' }, input],
      [{ ...attributes, [GEN_AI.tokenType]: 'output' }, output],
    ]);
    const endTime = hrTime();
    const metrics = [
      this.#metric(DURATION, durations, endTime),
      this.#metric(TIME_TO_FIRST_CHUNK, firstChunks, endTime),
      this.#metric(TOKEN_USAGE, tokens, endTime),
    ].filter(({ dataPoints }) => dataPoints.length > 0);
    const scopeMetrics = metrics.length > 0 ? [{ scope: { name: 'parsimony' }, metrics }] : [];
    return { resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors: [] };
  }

  #metric(instrument: Instrument, points: readonly Point[], endTime: HrTime): HistogramMetricData {
    return {
      descriptor: { ...instrument, valueType: ValueType.DOUBLE },
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPointType: DataPointType.HISTOGRAM,
      dataPoints: points
        .filter(([, { count }]) => count > 0)
        .map(([attributes, sums]): DataPoint<Histogram> => {
          const { bounds, counts, sum, count } = sums;
          const value = { buckets: { boundaries: [...bounds], counts: [...counts] }, sum, count };
          return { startTime: this.#startTime, endTime, attributes, value };
        }),
    };
  }

  /** Looked up by parts: to put a name together for each call would cost more than all else here. */
  #seriesOf({ call: { operation }, target: { provider, model } }: FinishedAttempt): AttemptSeries {
    const known = this.#byModel.get(model)?.get(provider)?.[operation];
    if (known) return known;
    if (this.#series.size >= MOST_SERIES || model.length > LONGEST_NAME) {
      const others = `${operation} ${OTHER} ${OTHER}`;
      return this.#series.get(others) ?? this.#open(others, operation, OTHER, OTHER);
    }
    const series = this.#open(`${operation} ${provider} ${model}`, operation, provider, model);
    const ofModel = this.#byModel.get(model) ?? new Map<string, Partial<Record<Operation, AttemptSeries>>>();
    this.#byModel.set(model, ofModel.set(provider, { ...ofModel.get(provider), [operation]: series }));
    return series;
  }

  #open(key: string, operation: Operation, provider: string, model: string): AttemptSeries {
    const server = this.serverOf(provider);
    const series = new AttemptSeries({
      [GEN_AI.operation]: genAiOperation(operation),
      [GEN_AI.provider]: genAiProvider(provider),
      [GEN_AI.requestModel]: model,
      ...(server && { [ATTR_SERVER_ADDRESS]: server.address, [ATTR_SERVER_PORT]: server.port }),
    });
    this.#series.set(key, series);
    return series;
  }
}

function withError(attributes: Attributes, error: string): Attributes {
  return error === '' ? attributes : { ...attributes, [ATTR_ERROR_TYPE]: error };
}
