/** One round of one target, as the harness writes it to its JSON; times in microseconds. */
export interface HarnessRound {
  readonly target: string;
  readonly conc: number;
  readonly round: number;
  readonly failed?: string | undefined;
  readonly rps?: number | undefined;
  readonly p50?: number | undefined;
  readonly ttfb50?: number | undefined;
  readonly errors?: number | undefined;
  /** Part of the gateway's core that others used, 0 to 1. */
  readonly foreign?: number | undefined;
}

/** @throws Error where the text is no report of the harness. */
export function parseHarnessReport(json: string): readonly HarnessRound[] {
  const { raw } = JSON.parse(json) as { raw?: unknown };
  if (!Array.isArray(raw) || !raw.every(isRound)) throw new Error('the harness wrote no list of rounds named "raw"');
  return raw;
}

function isRound(value: unknown): value is HarnessRound {
  const round = value as Partial<Record<keyof HarnessRound, unknown>> | null;
  return typeof round?.target === 'string' && typeof round.conc === 'number' && typeof round.round === 'number';
}
