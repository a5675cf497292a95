/** One figure and whether it is good enough. */
export interface Finding {
  readonly what: string;
  readonly measured: string;
  readonly target: string;
  readonly met: boolean;
}

export function atMost(what: string, value: number, limit: number, format: (value: number) => string): Finding {
  return { what, measured: format(value), target: `≤ ${format(limit)}`, met: value <= limit };
}

export function atLeast(what: string, value: number, limit: number, format: (value: number) => string): Finding {
  return { what, measured: format(value), target: `≥ ${format(limit)}`, met: value >= limit };
}

export function exactly(what: string, value: number | bigint, expected: number | bigint): Finding {
  return { what, measured: String(value), target: String(expected), met: value === expected };
}
