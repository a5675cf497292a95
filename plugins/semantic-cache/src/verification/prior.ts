import { EVIDENCE_NAMES, type Evidence } from './evidence.js';
import { clampLogOdds } from './score-bins.js';

/** A model of Pr(answer is right) that holds for tenants of whom nothing is known yet. */
export interface Prior {
  /** Log-odds that the answer is right, -8 to 8. */
  logOdds(evidence: Evidence): number;
}

/** Weights of a logistic regression over `designOf`, the intercept first. */
export type PriorWeights = readonly number[];

/** Evidence whose products count as well: likeness means more where little else is near, and less for short texts. */
const CROSSED = (
  ['closeness', 'contentOverlap', 'queryOnly', 'candidateOnly', 'rivalMargin', 'support', 'contentCount'] as const
).map((name) => EVIDENCE_NAMES.indexOf(name));

/** What the weights apply to: 1, each evidence, and the products of pairs of the crossed ones, squares included. */
export function designOf(evidence: Evidence): readonly number[] {
  const design = [1, ...evidence];
  for (const [place, first] of CROSSED.entries()) {
    for (const second of CROSSED.slice(place)) design.push((evidence[first] ?? 0) * (evidence[second] ?? 0));
  }
  return design;
}

export class LogisticPrior implements Prior {
  constructor(private readonly weights: PriorWeights) {}

  logOdds(evidence: Evidence): number {
    let sum = 0;
    for (const [index, value] of designOf(evidence).entries()) sum += value * (this.weights[index] ?? 0);
    return clampLogOdds(sum);
  }
}

/** 1 / (1 + e^-x): turns log-odds into a probability. */
export function probabilityOf(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}
