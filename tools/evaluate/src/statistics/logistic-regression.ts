export interface Example {
  /** The first is 1: the intercept. All examples have as many. */
  readonly features: readonly number[];
  readonly right: boolean;
}

const ITERATIONS = 15;
const ENOUGH = 1e-5;

/**
 * Weights of a logistic regression by Newton's method.
 *
 * @param penalty precision of a Gaussian prior around 0 for each weight, above 0: it keeps the matrix regular.
 */
export function logisticRegression(examples: readonly Example[], penalty: number): readonly number[] {
  const size = examples[0]?.features.length ?? 0;
  const weights = new Float64Array(size);
  for (let iteration = 0; iteration < ITERATIONS; iteration += 1) {
    const gradient = Float64Array.from(weights, (weight) => -penalty * weight);
    const curvature = new Float64Array(size * size);
    for (let index = 0; index < size; index += 1) curvature[index * size + index] = penalty;
    for (const { features, right } of examples) accumulate(weights, features, right, gradient, curvature);
    const step = solve(curvature, gradient);
    for (const [index, change] of step.entries()) weights[index] = (weights[index] ?? 0) + change;
    if (step.every((change) => Math.abs(change) < ENOUGH)) break;
  }
  return [...weights];
}

export function scoreOf(weights: readonly number[], features: readonly number[]): number {
  let sum = 0;
  for (let index = 0; index < weights.length; index += 1) sum += (weights[index] ?? 0) * (features[index] ?? 0);
  return sum;
}

function accumulate(
  weights: Float64Array,
  features: readonly number[],
  right: boolean,
  gradient: Float64Array,
  curvature: Float64Array,
): void {
  const size = weights.length;
  let score = 0;
  for (let index = 0; index < size; index += 1) score += (weights[index] ?? 0) * (features[index] ?? 0);
  const probability = 1 / (1 + Math.exp(-score));
  const surprise = (right ? 1 : 0) - probability;
  const information = probability * (1 - probability);
  for (let row = 0; row < size; row += 1) {
    const value = features[row] ?? 0;
    if (value === 0) continue;
    gradient[row] = (gradient[row] ?? 0) + surprise * value;
    const scaled = information * value;
    for (let column = 0; column <= row; column += 1) {
      curvature[row * size + column] = (curvature[row * size + column] ?? 0) + scaled * (features[column] ?? 0);
    }
  }
}

/** Solves by Cholesky's decomposition; only the lower triangle of the matrix is read, and it is overwritten. */
function solve(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length;
  const cell = (row: number, column: number): number => matrix[row * size + column] ?? 0;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = cell(row, column);
      for (let inner = 0; inner < column; inner += 1) sum -= cell(row, inner) * cell(column, inner);
      matrix[row * size + column] = row === column ? Math.sqrt(sum) : sum / cell(column, column);
    }
  }
  const solution = Float64Array.from(vector);
  for (let row = 0; row < size; row += 1) {
    let sum = solution[row] ?? 0;
    for (let inner = 0; inner < row; inner += 1) sum -= cell(row, inner) * (solution[inner] ?? 0);
    solution[row] = sum / cell(row, row);
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    let sum = solution[row] ?? 0;
    for (let inner = row + 1; inner < size; inner += 1) sum -= cell(inner, row) * (solution[inner] ?? 0);
    solution[row] = sum / cell(row, row);
  }
  return solution;
}
