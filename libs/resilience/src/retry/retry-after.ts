import { isParsimonyError } from '@parsimony/contract';

const NUMBER = /^\d{1,9}(\.\d{1,9})?$/;
/** The three forms of RFC 9110, section 5.6.7, begin with a day's name; longer texts are none of them. */
const DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[\w ,:-]{10,40}$/;

/**
 * How long the provider asks to be left alone.
 *
 * @returns milliseconds from now, never negative; undefined where it asked for nothing that can be read.
 * @see RFC 9110, section 10.2.3; `retry-after-ms` is OpenAI's own
 */
export function retryAfterMs(error: unknown, now: number): number | undefined {
  if (!isParsimonyError(error)) return undefined;
  const { 'retry-after-ms': milliseconds, 'retry-after': value } = error.headers;
  if (milliseconds !== undefined && NUMBER.test(milliseconds)) return Number(milliseconds);
  if (value === undefined) return undefined;
  if (NUMBER.test(value)) return Number(value) * 1000;
  if (!DATE.test(value)) return undefined;
  // The oldest form bears no zone, and means GMT all the same.
  const at = Date.parse(value.endsWith('GMT') ? value : `${value} GMT`);
  return Number.isNaN(at) ? undefined : Math.max(at - now, 0);
}
