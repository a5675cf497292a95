import { setTimeout as delay } from 'node:timers/promises';
import type { PicoDollars } from '@parsimony/contract';
import type { Simulator } from '@parsimony/simulator';
import type { Fleet } from './fleet.js';

const LOOK_EVERY_MS = 20;
const PERCENT = 100n;

export interface KillPlan {
  readonly cap: PicoDollars;
  /** Rising, 0 to 1. */
  readonly shares: readonly number[];
}

/**
 * Kills one more gateway each time that another share of the cap is billed.
 *
 * @returns how many it killed until the signal.
 */
export async function killAtShares(
  { provider, others }: Fleet,
  { cap, shares }: KillPlan,
  signal: AbortSignal,
): Promise<number> {
  let killed = 0;
  const before = billed(provider);
  for (const [index, share] of shares.entries()) {
    const due = (cap * BigInt(Math.round(share * 100))) / PERCENT;
    while (billed(provider) - before < due) {
      if (signal.aborted) return killed;
      await delay(LOOK_EVERY_MS);
    }
    await others[index]?.kill();
    killed++;
  }
  return killed;
}

function billed(provider: Simulator): PicoDollars {
  return BigInt(provider.bill().total.chargedPicoDollars);
}
