import { contradict } from './contradiction.js';
import { evidenceOf, standingOf, type Neighbour } from './evidence.js';
import { Knowledge, type KnowledgeState } from './knowledge.js';
import type { Observation, Pending } from './observation.js';
import { LogisticPrior, type Prior } from './prior.js';
import { RiskLedger } from './risk-ledger.js';
import { scoreBinOf } from './score-bins.js';
import { QUESTION_WEIGHTS } from './shipped-weights.js';
import type { Signature } from './signature.js';

/** `exploit`: serve the neighbour's answer. `explore`: ask afresh and learn. `audit`: a hit that is asked afresh to be checked. */
export type Action = 'exploit' | 'explore' | 'audit';

export interface Decision {
  readonly action: Action;
  /** That the neighbour's answer is right, 0 to 1; 0 without a neighbour. */
  readonly probability: number;
  /** The neighbour most likely to be right; not always the nearest. Undefined where there was none. */
  readonly neighbour: Neighbour | undefined;
  /** To be completed with `right` once the fresh answer is there. Undefined for `exploit`, and without a neighbour. */
  readonly pending: Pending | undefined;
}

/** JSON. */
export interface VerifierState {
  readonly version: 1;
  readonly knowledge: KnowledgeState;
}

/** A worse bet is never taken, however much is left over: what it would use up buys more hits later. */
const MOST_ERROR = 0.4;
/** Until so many wrong answers are earned, only better bets are taken: one that errs among a tenant's first hits costs its trust. */
const EARNED = 3;
const MOST_ERROR_BEFORE = 0.2;
/** So few audits a hundred hits are drawn at last, and so many at most. */
const LEAST_AUDIT_RATE = 0.06;
const MOST_AUDIT_RATE = 0.5;
const FLOOR_AUDIT_RATE = 0.04;
/** Audits in the time in which the allowance grows by one wrong answer: many while it is small. */
const AUDITS_PER_ERROR = 8;
/** Standard deviation of right and wrong (probability 0.07) to which the audit rate refers; surer hits are drawn less. */
const USUAL_DEVIATION = 0.25;
/** Audits whose outcome is awaited; the oldest are given up. */
const MOST_AWAITED = 10_000;
const QUESTIONS = new LogisticPrior(QUESTION_WEIGHTS);

/**
 * Decides for one tenant and one kind of answers whether a neighbour's answer may be served, so that wrong answers stay
 * below a share δ of **all** requests. In the manner of vCache (arXiv 2502.03771): explore, compare, learn, exploit, with
 * randomised exploration. Three things differ. Each entry is pooled under a prior, since most are seen too rarely to
 * learn alone; the prior stands for the paper's two bootstrap observations (right at similarity 1, wrong at 0). The error
 * allowed is a budget over requests that goes where it buys most hits, where the paper allows δ to each request. And
 * exploration above the threshold is an audit, whose outcomes bound the error whatever the input (see `RiskLedger`).
 *
 * Knowledge is shared: every gateway folds all observations. The account of wrong answers is each process's own; it is
 * not in the snapshot and begins anew with the process.
 */
export class Verifier {
  private knowledge = new Knowledge();
  private readonly ledger = new RiskLedger();
  private readonly awaited = new Map<string, number>();

  constructor(private readonly prior: Prior = QUESTIONS) {}

  /**
   * @param neighbours the nearest cached ones of the same scope, some 8 of them, nearest first.
   * @param maxErrorRate δ, 0 to 1: share of requests that may be answered wrongly. It may change between calls.
   * @param random a number from 0 up to 1, drawn anew at each call; a caller must not be able to foresee it.
   * @param leastAuditRate share of hits that is audited in the long run, above 0, at most 0.5.
   */
  decide(
    query: Signature,
    neighbours: readonly Neighbour[],
    maxErrorRate: number,
    random: () => number,
    leastAuditRate = LEAST_AUDIT_RATE,
  ): Decision {
    const best = this.best(query, neighbours);
    if (best === undefined) {
      this.ledger.pass(1);
      return { action: 'explore', probability: 0, neighbour: undefined, pending: undefined };
    }
    const { neighbour, pending } = best;
    const bin = scoreBinOf(pending.score);
    this.ledger.ask(bin);
    const errors = this.knowledge.errorRates();
    const error = errors[bin] ?? 1;
    const probability = 1 - error;
    if (!this.worthIt(pending.score, error, maxErrorRate, errors)) {
      return { action: 'explore', probability, neighbour, pending };
    }
    const auditRate = this.auditRate(error, maxErrorRate, leastAuditRate);
    if (random() < auditRate) {
      const audit = { ...pending, audit: true, auditRate };
      this.await(audit, error);
      return { action: 'audit', probability, neighbour, pending: audit };
    }
    this.ledger.serve(bin);
    return { action: 'exploit', probability, neighbour, pending: undefined };
  }

  /** Counts requests that were answered without a decision, such as exact hits: δ is a share of them as well. */
  pass(count: number): void {
    this.ledger.pass(count);
  }

  /** Folds an observation of this or of another gateway; the order does not matter. */
  observe(observation: Observation): void {
    const key = keyOf(observation);
    const claimed = observation.audit ? this.awaited.get(key) : undefined;
    if (claimed !== undefined) {
      this.awaited.delete(key);
      this.ledger.audit(observation.right, claimed, observation.auditRate);
    }
    this.knowledge.fold(observation);
  }

  snapshot(): VerifierState {
    return { version: 1, knowledge: this.knowledge.snapshot() };
  }

  /** @param prior the one that the verifier had. */
  static restore(state: VerifierState, prior?: Prior): Verifier {
    const verifier = new Verifier(prior);
    verifier.knowledge = Knowledge.restore(state.knowledge);
    return verifier;
  }

  private best(
    query: Signature,
    neighbours: readonly Neighbour[],
  ): { neighbour: Neighbour; pending: Pending } | undefined {
    let best: { neighbour: Neighbour; pending: Pending } | undefined;
    for (const neighbour of neighbours) {
      // To serve "enable" for "disable" while the tenant's own evidence is thin would cost its trust, whatever the budget.
      if (contradict(query, neighbour.signature)) continue;
      const { entry, answer, similarity } = neighbour;
      const evidence = evidenceOf(query, neighbour.signature, similarity, standingOf(neighbour, neighbours));
      const prior = this.prior.logOdds(evidence);
      const score = this.knowledge.score(entry, answer, evidence, prior);
      if (best === undefined || score > best.pending.score) {
        best = { neighbour, pending: { entry, answer, evidence, prior, score, audit: false, auditRate: 1 } };
      }
    }
    return best;
  }

  private worthIt(score: number, error: number, maxErrorRate: number, errors: Float64Array): boolean {
    const isYoung = this.ledger.count * maxErrorRate < EARNED;
    if (maxErrorRate <= 0 || error > (isYoung ? MOST_ERROR_BEFORE : MOST_ERROR)) return false;
    const left = this.ledger.left(maxErrorRate, errors);
    return error <= left && score >= this.ledger.threshold(maxErrorRate, errors, left);
  }

  private auditRate(error: number, maxErrorRate: number, least: number): number {
    // While the allowance is small, faults that hide between two audits must not use it up before one is found.
    const prompt = AUDITS_PER_ERROR / (maxErrorRate * this.ledger.count);
    const drawn = (Math.max(least, prompt) * Math.sqrt(error * (1 - error))) / USUAL_DEVIATION;
    return Math.min(MOST_AUDIT_RATE, Math.max(drawn, prompt, Math.min(FLOOR_AUDIT_RATE, least)));
  }

  private await(audit: Pending, error: number): void {
    this.awaited.set(keyOf(audit), error);
    for (const oldest of this.awaited.keys()) {
      if (this.awaited.size <= MOST_AWAITED) break;
      this.awaited.delete(oldest);
    }
  }
}

/** Tells an audit of this process from others, also after its numbers were rounded on the way. */
function keyOf({ entry, score }: Pick<Pending, 'entry' | 'score'>): string {
  return `${entry} ${score.toFixed(3)}`;
}
