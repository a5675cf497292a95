const SAMPLE = /^([a-z_]+) (\S+)$/gm;

/** Samples without labels of a Prometheus text, by name. */
export function parseGauges(text: string): ReadonlyMap<string, number> {
  return new Map(Array.from(text.matchAll(SAMPLE), ([, name = '', value]) => [name, Number(value)]));
}

const UNDER_WAY = [
  'parsimony_calls_under_way',
  'parsimony_drains_under_way',
  'parsimony_journal_open_reservations',
  'parsimony_journal_unwritten',
  'parsimony_journal_backlog_bytes',
];

/**
 * What a gateway still has to do before its ledger is complete.
 *
 * @throws Error where a gauge is missing: its absence would read as rest.
 */
export function unfinished(gauges: ReadonlyMap<string, number>): string[] {
  return UNDER_WAY.flatMap((name) => {
    const value = gauges.get(name);
    if (value === undefined) throw new Error(`the gateway shows no gauge ${name}`);
    return value === 0 ? [] : [`${name} ${value}`];
  });
}
