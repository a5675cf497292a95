import { TraceFlags, type SpanContext } from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';

/** A `traceparent` line of version 00 has 55 characters; a later version may have more, but not a book. */
const LONGEST_LINE = 256;
const RANDOM_DIGITS = 8;

/** What becomes of a call's trace. */
export type Sampling = 'drop' | 'begin' | SpanContext;

/**
 * Decides which calls are traced: as the caller's own trace was decided (W3C Trace Context, `traceparent`), else a share,
 * by the random end of the call's id, so that one call is traced everywhere or nowhere.
 */
export class Sampler {
  readonly #threshold: number;

  /** @param share from 0 to 1 */
  constructor(share: number) {
    this.#threshold = share * 16 ** RANDOM_DIGITS;
  }

  /** @returns the span to continue, `begin` for a trace of its own, or `drop`. */
  decide(traceparent: string | undefined, callId: string): Sampling {
    const parent = traceparent === undefined ? null : readTraceParent(traceparent);
    if (parent) return (parent.traceFlags & TraceFlags.SAMPLED) === 0 ? 'drop' : parent;
    return Number.parseInt(callId.slice(-RANDOM_DIGITS), 16) < this.#threshold ? 'begin' : 'drop';
  }
}

/** @returns null for a line that is not one: the specification then begins a new trace. */
function readTraceParent(line: string): SpanContext | null {
  return line.length > LONGEST_LINE ? null : parseTraceParent(line);
}
