/**
 * Solves `matrix · x = vector` by Cholesky's decomposition.
 *
 * @param matrix symmetric and positive definite, its lower triangle row by row: n(n+1)/2 numbers.
 * @returns x, n numbers.
 */
export function solveSymmetric(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length;
  const at = (row: number, column: number): number => (row * (row + 1)) / 2 + column;
  const factor = Float64Array.from(matrix);
  const cell = (row: number, column: number): number => factor[at(row, column)] ?? 0;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = cell(row, column);
      for (let inner = 0; inner < column; inner += 1) sum -= cell(row, inner) * cell(column, inner);
      factor[at(row, column)] = row === column ? Math.sqrt(Math.max(sum, 1e-12)) : sum / cell(column, column);
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
