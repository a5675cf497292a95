import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Span,
  type SpanContext,
  type Tracer,
} from '@opentelemetry/api';
import { millisToHrTime } from '@opentelemetry/core';
import type { TraceParent } from '@parsimony/contract';
import { errorTypeOf, type FinishedAttempt } from '../genai/finished-attempt.js';
import type { GenAiMetrics, ServerOf } from '../genai/genai-metrics.js';
import { genAiOperation } from '../genai/names.js';
import { attemptAttributes, describeCall, type TracedCall } from './call-spans.js';
import type { Sampler } from './sampler.js';

/** Spans of calls that never end must not fill the memory. */
const MOST_OPEN = 10_000;

export interface CallTracingParts {
  readonly tracer: Tracer;
  readonly metrics: GenAiMetrics;
  readonly sampler: Sampler;
  readonly serverOf: ServerOf;
  /** Exports what is left and stops. */
  readonly shutdown: () => Promise<void>;
}

/**
 * Traces of calls, without context that follows asynchronous work: a call bears its own. A call that is not sampled costs a
 * comparison. Nothing here throws or waits: what cannot be exported is dropped.
 */
export class CallTracing implements AsyncDisposable {
  readonly #open = new Map<string, Span>();

  constructor(private readonly parts: CallTracingParts) {}

  /** Traced calls that are not over. */
  get openCalls(): number {
    return this.#open.size;
  }

  /**
   * A call has arrived.
   *
   * @param traceparent the caller's own line, as it came
   * @returns what the call is to bear as `trace`; undefined where it is not sampled.
   */
  begin(traceparent: string | undefined, callId: string): TraceParent | undefined {
    const sampling = this.parts.sampler.decide(traceparent, callId);
    if (sampling === 'drop') return undefined;
    const parent = sampling === 'begin' ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, sampling);
    const startTime = millisToHrTime(Date.now());
    const span = this.parts.tracer.startSpan('call', { kind: SpanKind.SERVER, startTime }, parent);
    if (this.#open.size >= MOST_OPEN) this.#forgetOldest();
    this.#open.set(callId, span);
    const { traceId, spanId } = span.spanContext();
    return { traceId, spanId };
  }

  /** A provider call is over. */
  attempt(attempt: FinishedAttempt): void {
    this.parts.metrics.attempt(attempt);
    const { trace: parent, operation } = attempt.call;
    if (!parent) return;
    const { target, startedAt, latencyMs } = attempt;
    const span = this.parts.tracer.startSpan(
      `${genAiOperation(operation)} ${target.model}`,
      {
        kind: SpanKind.CLIENT,
        startTime: millisToHrTime(startedAt),
        attributes: attemptAttributes(attempt, this.parts.serverOf(target.provider)),
      },
      trace.setSpanContext(ROOT_CONTEXT, sampled(parent)),
    );
    if (errorTypeOf(attempt) !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(millisToHrTime(startedAt + latencyMs));
  }

  /** A call is over. */
  finished(finished: TracedCall): void {
    if (!finished.call.trace) return;
    const { id, receivedAt } = finished.call;
    const span = this.#open.get(id);
    if (!span) return;
    this.#open.delete(id);
    describeCall(span, finished);
    span.end(millisToHrTime(Math.max(receivedAt + finished.latencyMs, receivedAt)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.parts.shutdown();
  }

  #forgetOldest(): void {
    const [oldest] = this.#open.keys();
    if (oldest !== undefined) this.#open.delete(oldest);
  }
}

function sampled({ traceId, spanId }: TraceParent): SpanContext {
  return { traceId, spanId, traceFlags: TraceFlags.SAMPLED };
}
