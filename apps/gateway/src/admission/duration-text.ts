/**
 * A time as OpenAI writes it in `x-ratelimit-reset-*` (guide "Rate limits": `1s`, `6m0s`), which is how Go prints durations.
 *
 * @param ms whole milliseconds, not negative.
 */
export function durationText(ms: number): string {
  if (ms < 1000) return `${ms}ms`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = `${(ms % 60_000) / 1000}s`;
  if (minutes === 0) return seconds;
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes}m${seconds}` : `${hours}h${minutes % 60}m${seconds}`;
}
