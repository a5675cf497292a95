import type { ComplexityEstimatorArgs } from '@nestjs/graphql';

/** Items that a list without pages is taken to have. */
const USUAL_LIST = 10;
/** Items that a list as long as the catalogue or a report is taken to have. */
const LONG_LIST = 100;

/** Complexity of a page: as many times its items' as were asked for. */
export function perItemOfPage({ args, childComplexity }: ComplexityEstimatorArgs): number {
  const first: unknown = args['first'];
  return 1 + Math.max(typeof first === 'number' ? first : 1, 1) * childComplexity;
}

export function perListItem({ childComplexity }: ComplexityEstimatorArgs): number {
  return 1 + USUAL_LIST * childComplexity;
}

export function perReportRow({ childComplexity }: ComplexityEstimatorArgs): number {
  return 1 + LONG_LIST * childComplexity;
}

/** Complexity of a list that has so many items at most, and often as many. */
export function upTo(items: number) {
  return ({ childComplexity }: ComplexityEstimatorArgs): number => 1 + items * childComplexity;
}
