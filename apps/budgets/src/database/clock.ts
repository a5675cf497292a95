/** The moment, where a spec sets it; else null, and the database's own clock holds: those of machines differ. */
export type Clock = () => Date | null;

export function clockOf(now: (() => number) | undefined): Clock {
  return () => (now ? new Date(now()) : null);
}

/** The moment in a statement, by the first of its parameters. */
export const NOW = 'coalesce($1::timestamptz, clock_timestamp())';
