import { describe, expect, it } from 'vitest';
import { parseGauges, unfinished } from './gauges.js';

const text = (backlog: number) => `# HELP parsimony_calls_under_way Calls
# TYPE parsimony_calls_under_way gauge
parsimony_calls_under_way 0
parsimony_drains_under_way 0
parsimony_journal_open_reservations 0
parsimony_journal_unwritten 0
parsimony_journal_backlog_bytes ${backlog}
parsimony_calls_total{status="ok"} 17
`;

describe('unfinished', () => {
  it('is empty at rest', () => expect(unfinished(parseGauges(text(0)))).toEqual([]));

  it('names what is left', () =>
    expect(unfinished(parseGauges(text(1200)))).toEqual(['parsimony_journal_backlog_bytes 1200']));

  it('does not take a missing gauge for rest', () =>
    expect(() => unfinished(parseGauges('parsimony_calls_under_way 0\n'))).toThrow('no gauge'));
});
