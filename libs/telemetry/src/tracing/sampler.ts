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
  /** The share in hexadecimal digits, such as `028f5c29` for a hundredth; null: every call. */
  readonly #threshold: string | null;

  /** @param share from 0 to 1 */
  constructor(share: number) {
    const threshold = Math.round(share * 16 ** RANDOM_DIGITS);
    this.#threshold = share >= 1 ? null : threshold.toString(16).padStart(RANDOM_DIGITS, '0');
  }

  /** @returns the span to continue, `begin` for a trace of its own, or `drop`. */
  decide(traceparent: string | undefined, callId: string): Sampling {
    const parent = traceparent === undefined ? null : readTraceParent(traceparent);
    if (parent) return (parent.traceFlags & TraceFlags.SAMPLED) === 0 ? 'drop' : parent;
    return this.#isDrawn(callId) ? 'begin' : 'drop';
  }

  /** Digit by digit: mostly the first one decides, and nothing is made of a call that is not traced. */
  #isDrawn(callId: string): boolean {
    const threshold = this.#threshold;
    if (threshold === null) return true;
    const offset = callId.length - RANDOM_DIGITS;
    for (let at = 0; at < RANDOM_DIGITS; at++) {
      const difference = callId.charCodeAt(offset + at) - threshold.charCodeAt(at);
      if (difference !== 0) return difference < 0;
    }
    return false;
  }
}

/** @returns null for a line that is not one: the specification then begins a new trace. */
function readTraceParent(line: string): SpanContext | null {
  return line.length > LONGEST_LINE ? null : parseTraceParent(line);
}
