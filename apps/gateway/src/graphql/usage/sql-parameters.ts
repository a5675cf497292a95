/** Values of a statement, so that none of them is ever part of its text. */
export class SqlParameters {
  readonly values: unknown[] = [];

  /** @returns the place that stands for the value, such as `$3`. */
  add(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}
