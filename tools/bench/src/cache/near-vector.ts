/**
 * A unit vector at a given angle to another one, in a direction of chance.
 *
 * @param centre of length 1.
 * @param similarity cosine of the angle, above 0 and at most 1.
 */
export function nearVector(centre: Float32Array, similarity: number, random: () => number): Float32Array {
  const direction = Float64Array.from(centre, () => normal(random));
  const along = dot(direction, centre);
  // What is left has no part of the centre, so that the angle is exact.
  for (const [index, component] of centre.entries()) direction[index] = (direction[index] ?? 0) - along * component;
  const length = Math.sqrt(dot(direction, direction));
  const across = Math.sqrt(1 - similarity * similarity) / length;
  return centre.map((component, index) => similarity * component + across * (direction[index] ?? 0));
}

/** Normally distributed (Box and Muller 1958). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function dot(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) sum += (one[index] ?? 0) * (other[index] ?? 0);
  return sum;
}
