import { EVIDENCE_NAMES, type Evidence } from './evidence.js';
import { solveSymmetric } from './linear-system.js';
import type { Observation } from './observation.js';
import { probabilityOf } from './prior.js';
import { clampLogOdds, lowestOfBin, SCORE_BINS, SCORE_STEP, scoreBinOf } from './score-bins.js';

/** How much evidence a tenant needs to move away from the shipped weights: the precision of their Gaussian prior. */
const TENANT_PRECISION = 8;
/** Variances of what an entry, and what an answer, adds to the log-odds on its own account. */
const ENTRY_VARIANCE = 0.25;
const ANSWER_VARIANCE = 0.5;
/** Entries and answers whose own evidence is kept; the longest unheard of go first. */
const MOST_KEPT = 20_000;
/** So many observations weigh as much, in a bin, as what the score itself claims. */
const CLAIM_WEIGHT = 8;
/** Bins lend each other what they saw. */
const SMOOTHING = [
  [-2, 0.25],
  [-1, 0.7],
  [0, 1],
  [1, 0.7],
  [2, 0.25],
] as const;
/** The weights are solved for again after so many observations: it takes some 20 µs. */
const REFRESH_EVERY = 32;
const SIZE = EVIDENCE_NAMES.length + 1;

/** Sums over observations: `right - probability`, and `probability × (1 - probability)`. */
type Residual = readonly [surprise: number, information: number];

/** JSON. */
export interface KnowledgeState {
  readonly gradient: readonly number[];
  readonly curvature: readonly number[];
  readonly entries: Readonly<Record<string, Residual>>;
  readonly answers: Readonly<Record<string, Residual>>;
  readonly seen: readonly number[];
  readonly wrong: readonly number[];
}

/**
 * What a tenant's observations have taught, held as sums: folding is commutative and associative, so that gateways that
 * fold the same observations in any order hold the same knowledge (but for rounding, and for what `MOST_KEPT` drops).
 *
 * Three layers stand over the shipped prior. The tenant's weights are one Newton step away from the shipped ones,
 * under a Gaussian prior. Each entry and each answer adds an offset from its own surprises, again one Newton step: the
 * per-entry evidence of vCache (arXiv 2502.03771), pooled. Last, bins tell how often a score was wrong in truth.
 */
export class Knowledge {
  private readonly gradient = new Float64Array(SIZE);
  private readonly curvature = new Float64Array((SIZE * (SIZE + 1)) / 2);
  private readonly entries = new Map<string, Residual>();
  private readonly answers = new Map<string, Residual>();
  private readonly seen = new Float64Array(SCORE_BINS);
  private readonly wrong = new Float64Array(SCORE_BINS);
  private shift: Float64Array = new Float64Array(SIZE);
  private errors = errorsByBin(this.seen, this.wrong);
  private stale = 0;

  /** Passes over observations of another version of the evidence. */
  fold(observation: Observation): void {
    const { evidence, prior, right } = observation;
    if (evidence.length !== SIZE - 1) return;
    const claimed = probabilityOf(prior);
    const surprise = (right ? 1 : 0) - claimed;
    const information = claimed * (1 - claimed);
    let cell = 0;
    for (let row = 0; row < SIZE; row += 1) {
      const value = termOf(evidence, row);
      this.gradient[row] = (this.gradient[row] ?? 0) + surprise * value;
      for (let column = 0; column <= row; column += 1, cell += 1) {
        this.curvature[cell] = (this.curvature[cell] ?? 0) + information * value * termOf(evidence, column);
      }
    }
    add(this.entries, observation.entry, surprise, information);
    add(this.answers, observation.answer, surprise, information);
    const bin = scoreBinOf(observation.score);
    this.seen[bin] = (this.seen[bin] ?? 0) + 1;
    this.wrong[bin] = (this.wrong[bin] ?? 0) + (right ? 0 : 1);
    this.stale += 1;
  }

  /** Log-odds that an answer is right, from the prior's log-odds and from what was learned; -8 to 8. */
  score(entry: string, answer: string, evidence: Evidence, prior: number): number {
    if (this.stale >= REFRESH_EVERY) this.refresh();
    let sum = prior;
    for (let index = 0; index < SIZE; index += 1) sum += (this.shift[index] ?? 0) * termOf(evidence, index);
    sum += offsetOf(this.entries.get(entry), ENTRY_VARIANCE);
    sum += offsetOf(this.answers.get(answer), ANSWER_VARIANCE);
    return clampLogOdds(sum);
  }

  /** For each bin of scores the share of answers that are wrong, 0 to 1; falls with the score. */
  errorRates(): Float64Array {
    if (this.stale >= REFRESH_EVERY) this.refresh();
    return this.errors;
  }

  snapshot(): KnowledgeState {
    return {
      gradient: [...this.gradient],
      curvature: [...this.curvature],
      entries: Object.fromEntries(this.entries),
      answers: Object.fromEntries(this.answers),
      seen: [...this.seen],
      wrong: [...this.wrong],
    };
  }

  /** @returns what `snapshot` held; nothing learned where it is of another version of the evidence. */
  static restore(state: KnowledgeState): Knowledge {
    const knowledge = new Knowledge();
    if (state.gradient.length !== SIZE || state.seen.length !== SCORE_BINS) return knowledge;
    knowledge.gradient.set(state.gradient);
    knowledge.curvature.set(state.curvature);
    knowledge.seen.set(state.seen);
    knowledge.wrong.set(state.wrong);
    for (const [entry, residual] of Object.entries(state.entries)) knowledge.entries.set(entry, residual);
    for (const [answer, residual] of Object.entries(state.answers)) knowledge.answers.set(answer, residual);
    knowledge.refresh();
    return knowledge;
  }

  private refresh(): void {
    this.stale = 0;
    const penalised = Float64Array.from(this.curvature);
    for (let row = 0; row < SIZE; row += 1) {
      const diagonal = (row * (row + 1)) / 2 + row;
      penalised[diagonal] = (penalised[diagonal] ?? 0) + TENANT_PRECISION;
    }
    this.shift = solveSymmetric(penalised, this.gradient);
    this.errors = errorsByBin(this.seen, this.wrong);
  }
}

/** What the tenant's own weights apply to: 1, then each evidence. */
function termOf(evidence: Evidence, index: number): number {
  return index === 0 ? 1 : (evidence[index - 1] ?? 0);
}

function add(residuals: Map<string, Residual>, key: string, surprise: number, information: number): void {
  const [before, known] = residuals.get(key) ?? [0, 0];
  residuals.delete(key);
  residuals.set(key, [before + surprise, known + information]);
  for (const longest of residuals.keys()) {
    if (residuals.size <= MOST_KEPT) break;
    residuals.delete(longest);
  }
}

function offsetOf(residual: Residual | undefined, variance: number): number {
  return residual === undefined ? 0 : residual[0] / (residual[1] + 1 / variance);
}

function errorsByBin(seen: Float64Array, wrong: Float64Array): Float64Array {
  const rates = new Float64Array(SCORE_BINS);
  let least = 0;
  for (let bin = SCORE_BINS - 1; bin >= 0; bin -= 1) {
    let count = 0;
    let failures = 0;
    for (const [offset, weight] of SMOOTHING) {
      count += weight * (seen[bin + offset] ?? 0);
      failures += weight * (wrong[bin + offset] ?? 0);
    }
    const claimed = probabilityOf(-lowestOfBin(bin) - SCORE_STEP / 2);
    least = Math.max(least, (failures + CLAIM_WEIGHT * claimed) / (count + CLAIM_WEIGHT));
    rates[bin] = least;
  }
  return rates;
}
