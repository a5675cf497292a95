import type { Signature } from './signature.js';

/**
 * Whether two texts plainly say different things, however alike they look: one negates and the other does not, each has
 * a number that the other lacks, or they stand on two sides of a pair of opposites (enable, disable; включить, выключить).
 */
export function contradict(left: Signature, right: Signature): boolean {
  return (
    left.negations % 2 !== right.negations % 2 ||
    (lacks(left.numbers, right.numbers) && lacks(right.numbers, left.numbers)) ||
    opposed(left.opposites, right.opposites)
  );
}

/** Sides of one pair of opposites are neighbouring numbers, the even one first. */
function opposed(left: readonly number[], right: readonly number[]): boolean {
  return left.some((side) => right.includes(side ^ 1) && !right.includes(side) && !left.includes(side ^ 1));
}

function lacks(some: readonly number[], others: readonly number[]): boolean {
  return others.some((number) => !some.includes(number));
}
