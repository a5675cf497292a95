/** One figure of an evaluation, as the evaluation command writes it. */
export interface Measure {
  readonly value: number;
  /** Where the value may lie: 95 % interval, or least and greatest over seeds where `what` says so. */
  readonly interval: readonly [low: number, high: number];
  /** The same by the usual means, or as published. */
  readonly baseline: number | null;
  readonly target: number;
  /** Requests, pairs or texts behind the value. */
  readonly n: number;
}

/** A measure with what a reader has to know of it. */
export interface Figure extends Measure {
  /** Such as `qqp.delta01.error_max`. */
  readonly name: string;
  /** Whether the value has to stay below the target, above it, or is reported only. */
  readonly goal: 'at-most' | 'at-least' | 'reported';
  readonly what: string;
}

export function isMet({ goal, value, target }: Figure): boolean {
  if (goal === 'reported') return true;
  return goal === 'at-most' ? value <= target : value >= target;
}

/** The object that `--json` writes, by name. */
export function toJson(figures: readonly Figure[]): Readonly<Record<string, Measure>> {
  return Object.fromEntries(
    figures.map(({ name, value, interval, baseline, target, n }) => [name, { value, interval, baseline, target, n }]),
  );
}
