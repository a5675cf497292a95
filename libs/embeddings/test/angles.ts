/** Cosine of the angle between two vectors of any length. */
export function cosine(left: ArrayLike<number>, right: ArrayLike<number>): number {
  return dot(left, right) / Math.sqrt(dot(left, left) * dot(right, right));
}

function dot(left: ArrayLike<number>, right: ArrayLike<number>): number {
  if (left.length !== right.length) throw new RangeError(`${left.length} and ${right.length} numbers`);
  let sum = 0;
  for (let index = 0; index < left.length; index++) sum += (left[index] ?? 0) * (right[index] ?? 0);
  return sum;
}
