import { setTimeout as delay } from 'node:timers/promises';
import { makeCall, type Target } from './make-call.js';
import { planCall } from './planned-call.js';
import type { Tally } from './tally.js';
import type { WitnessOptions } from './witness-options.js';

/** `refused`: for good. `gave-up`: nothing but failures. `stopped`: time ran out. */
export type CallerEnd = 'refused' | 'gave-up' | 'stopped';

const FAILURES_AT_MOST = 10;
/** After a failure; the first gateway of several may be gone for good. */
const FAILURE_PAUSE_MS = 100;
/** Where a gateway that is busy does not say for how long. */
const BUSY_PAUSE_MS = 1_000;

/**
 * Calls without a pause until it is refused so many times in a row. After a failure it goes on with the next gateway, as a
 * balancer would let it.
 *
 * @param caller its number: which calls it makes, and which gateway it begins with.
 */
export async function runCaller(
  caller: number,
  targets: readonly Target[],
  options: WitnessOptions,
  tally: Tally,
  signal: AbortSignal,
): Promise<CallerEnd> {
  let turn = caller;
  let refusals = 0;
  let failures = 0;
  try {
    for (let index = 0; ; index++) {
      const target = targets[turn % targets.length] as Target;
      const outcome = await makeCall(target, options.key, planCall(options, caller, index), signal);
      tally.add(outcome);
      refusals = outcome.verdict === 'refused' ? refusals + 1 : 0;
      failures = outcome.verdict === 'failed' ? failures + 1 : 0;
      if (refusals >= options.stopAfterRefusals) return 'refused';
      if (failures >= FAILURES_AT_MOST) return 'gave-up';
      if (failures > 0) turn++;
      // With the first failure the other gateways are tried at once; only when they fail too is there anything to wait for.
      if (failures >= targets.length) await delay(outcome.retryAfterMs ?? FAILURE_PAUSE_MS, undefined, { signal });
      else if (outcome.verdict === 'busy') await delay(outcome.retryAfterMs ?? BUSY_PAUSE_MS, undefined, { signal });
    }
  } catch (error) {
    if (signal.aborted) return 'stopped';
    throw error;
  }
}
