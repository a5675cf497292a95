import { setTimeout as delay } from 'node:timers/promises';
import { recordDecision } from '@parsimony/contract';
import type { Call, GenerationCall, ModelTarget } from '@parsimony/contract';
import { Shortfall, type LeaseBook } from '@parsimony/leases';
import type { EconomyOf } from '../calls/admission.js';
import type { BudgetLine } from '../spending/limits-above.js';
import { pastDowngrade } from '../spending/past-downgrade.js';

/** How long a call waits to hear how its budgets stand, where this process does not know yet. */
const FIRST_ANSWER_MS = 1_500;
const LOOK_EVERY_MS = 10;

/** Sends calls to the tenant's economy tier once so much of a budget is spent. */
export class Downgrade {
  constructor(private readonly book: LeaseBook) {}

  /**
   * @returns the call, or a copy of it that goes to the economy tier; a promise where nothing is known of a budget yet, so
   * that no call slips by after a start.
   */
  apply(call: GenerationCall, lines: readonly BudgetLine[], economyOf: EconomyOf): Call | Promise<Call> {
    if (!lines.some(({ downgradeFrom }) => downgradeFrom !== undefined)) return call;
    if (call.target.tier === 'economy') return call;
    const economy = economyOf(call);
    if (!economy) return call;
    const unknown = lines.filter(
      ({ downgradeFrom, allowance }) => downgradeFrom !== undefined && !allowance.standing(call.receivedAt),
    );
    if (unknown.length === 0) return sentDown(call, lines, economy);
    return this.#hearOf(unknown, call).then(() => sentDown(call, lines, economy));
  }

  /** Asks the budgets service by taking nothing, and waits until it has told of all. */
  async #hearOf(lines: readonly BudgetLine[], { receivedAt, signal }: Call): Promise<void> {
    const until = performance.now() + FIRST_ANSWER_MS;
    const allowances = lines.map(({ allowance }) => allowance);
    try {
      (await this.book.take(allowances, receivedAt, 0n, { until, signal })).settle(0n, 0n);
    } catch (error) {
      // Whether a call may go on without the service is for the door to money to say.
      if (!(error instanceof Shortfall)) throw error;
    }
    // Nobody waits for leave under a SOFT budget, but for how it stands.
    while (allowances.some((allowance) => !allowance.standing(receivedAt))) {
      if (this.book.status.away || performance.now() >= until) return;
      await delay(LOOK_EVERY_MS);
      signal.throwIfAborted();
    }
  }
}

function sentDown(call: GenerationCall, lines: readonly BudgetLine[], economy: ModelTarget): Call {
  const line = pastDowngrade(lines, call.receivedAt);
  if (!line) return call;
  const sent: GenerationCall = { ...call, target: economy };
  return recordDecision(sent, {
    plugin: 'budgets',
    summary: `forced to the economy tier: ${line.words} is spent to ${shareOf(line)} % or more`,
    detail: { budgetId: line.budget.id, from: nameOf(call.target), to: nameOf(economy) },
  });
}

function shareOf({ budget }: BudgetLine): number {
  return Math.round((budget.downgradeAt ?? 0) * 10_000) / 100;
}

function nameOf({ provider, model }: ModelTarget): string {
  return `${provider}/${model}`;
}
