/** Between the timers by which Node measures the delay of its event loop; as prom-client leaves it. */
const TIMER_SECONDS = 0.01;

const P99 = /^parsimony_nodejs_eventloop_lag_p99_seconds (\S+)$/m;

/**
 * The 99th percentile of how long a gateway's event loop kept timers waiting since it was last asked, in milliseconds. Node's
 * histogram has the whole time from timer to timer, and prom-client begins a new one at each scrape.
 */
export async function eventLoopDelay(gatewayUrl: string): Promise<number> {
  const response = await fetch(`${gatewayUrl}/metrics`);
  return parseEventLoopDelay(await response.text());
}

/** @throws Error where the text has no such gauge. */
export function parseEventLoopDelay(metrics: string): number {
  const seconds = P99.exec(metrics)?.[1];
  if (seconds === undefined) throw new Error('the gateway shows no event-loop lag');
  return Math.max(0, 1_000 * (Number(seconds) - TIMER_SECONDS));
}
