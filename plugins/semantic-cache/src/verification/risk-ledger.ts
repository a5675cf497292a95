import { lowestOfBin, SCORE_BINS, SCORE_STEP } from './score-bins.js';

/** Wrong answers that a gateway may give before it has earned them: without it a small cache would never hit. */
const CREDIT = 1;
/** Standard deviations of doubt that are taken off what may be spent. */
const CAUTION = 1.2;
/** How far off the model's account of its own errors may be, as a share of it, before audits have spoken. */
const MODEL_DOUBT = 0.15;
/** Requests whose scores tell what a threshold would cost. */
const MEMORY = 8_000;
/** What is left over is spent over as many requests again as there were, times this. */
const HORIZON = 0.25;
const LEAST_HORIZON = 2_000;
/** Bounds, in multiples of the error allowed, of what a threshold may cost on recent requests. */
const LEAST_RATE = 0.1;
const MOST_RATE = 2.5;
/** Stands for requests before the first, so that the first neighbour is not taken for all traffic. */
const UNSEEN_REQUESTS = 200;

/**
 * One gateway's account of the wrong answers that its hits may have given. Since each gateway keeps below the allowed
 * share of its own requests, all of them together do.
 *
 * Two estimates are held against each other. `served × error rate` is what the model claims; it varies little, but is as
 * good as the model. The audits are the other: a hit is drawn with probability a and answered afresh, and its surprise
 * (wrong or not, minus the claim) counts (1 - a) / a times, for those that were not drawn. Since the draw does not depend
 * on the outcome, that sum is a martingale around the truth **whatever** the requests are: an adversary can bend the
 * model, not the coin. The audits correct the model by as much as their surprise exceeds their own noise, and only upwards.
 */
export class RiskLedger {
  private requests = 0;
  private readonly served = new Float64Array(SCORE_BINS);
  private readonly recent = new Float64Array(SCORE_BINS);
  private recentRequests = 0;
  private correction = 0;
  private variance = 0;

  /** Requests so far. */
  get count(): number {
    return this.requests;
  }

  /** Counts requests without a choice, such as exact hits. */
  pass(count: number): void {
    this.requests += count;
    this.recentRequests += count;
    if (this.recentRequests > 2 * MEMORY) this.fade();
  }

  /** Counts a request whose best neighbour scored in a bin. */
  ask(bin: number): void {
    this.recent[bin] = (this.recent[bin] ?? 0) + 1;
    this.pass(1);
  }

  serve(bin: number): void {
    this.served[bin] = (this.served[bin] ?? 0) + 1;
  }

  /**
   * @param claimed the error that the decision reckoned with, 0 to 1.
   * @param rate the probability of the audit, above 0.
   */
  audit(right: boolean, claimed: number, rate: number): void {
    const surprise = ((right ? 0 : 1) - claimed) * ((1 - rate) / rate);
    this.correction += surprise;
    this.variance += surprise * surprise;
  }

  /** What may still be spent, in wrong answers, once doubt is taken off; may be below 0. */
  left(maxErrorRate: number, errors: Float64Array): number {
    let claimed = 0;
    for (let bin = 0; bin < SCORE_BINS; bin += 1) claimed += (this.served[bin] ?? 0) * (errors[bin] ?? 1);
    const doubt = Math.max((MODEL_DOUBT * claimed) ** 2, this.correction ** 2 - this.variance);
    const weight = doubt > 0 ? doubt / (doubt + this.variance) : 0;
    // Audits may only accuse. Were luck in a few of them paid out, it would be spent on errors that are no luck.
    const spent = claimed + weight * Math.max(0, this.correction);
    const deviation = Math.sqrt(weight * this.variance + claimed);
    return CREDIT + maxErrorRate * this.requests - spent - CAUTION * deviation;
  }

  /**
   * The least log-odds from which on hits are worth their risk: the lowest threshold that, on recent requests, would
   * have cost the allowed share, more where something is left over and less where not. So the budget goes where it
   * buys most hits, and a hit below the threshold does not take what a better one needs.
   */
  threshold(maxErrorRate: number, errors: Float64Array, left: number): number {
    const horizon = Math.max(LEAST_HORIZON, HORIZON * this.requests);
    const rate = Math.max(LEAST_RATE * maxErrorRate, Math.min(MOST_RATE * maxErrorRate, maxErrorRate + left / horizon));
    let budget = rate * (this.recentRequests + UNSEEN_REQUESTS);
    for (let bin = SCORE_BINS - 1; bin >= 0; bin -= 1) {
      const risk = (this.recent[bin] ?? 0) * (errors[bin] ?? 1);
      if (risk > budget) return lowestOfBin(bin) + SCORE_STEP * (1 - budget / risk);
      budget -= risk;
    }
    return lowestOfBin(0);
  }

  private fade(): void {
    this.recentRequests /= 2;
    for (const [bin, count] of this.recent.entries()) this.recent[bin] = count / 2;
  }
}
