import { fail, ok, warn, type Finding } from '../finding.js';
import type { Patient } from '../patient.js';

const NOTICEABLE_MS = 1_000;
const HARMFUL_MS = 30_000;

/** This machine's clock against the database's: budgets' periods and keys' expiry go by both. */
export async function checkClock({ database }: Patient): Promise<readonly Finding[]> {
  if (!database) return [];
  const before = Date.now();
  const { rows } = await database.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  const after = Date.now();
  const there = rows[0]?.now.getTime() ?? Number.NaN;
  return [clockFinding('the database', there - (before + after) / 2)];
}

/** @param aheadMs how far the other clock is ahead of this one. */
export function clockFinding(whose: string, aheadMs: number): Finding {
  const seconds = (Math.abs(aheadMs) / 1000).toFixed(1);
  const message = `the clock of ${whose} is ${seconds} s ${aheadMs < 0 ? 'behind' : 'ahead'}`;
  const action = 'set both clocks by NTP: expiry of keys, months of the ledger and sign-in go by them';
  if (Math.abs(aheadMs) >= HARMFUL_MS) return fail('clock', message, action);
  return Math.abs(aheadMs) >= NOTICEABLE_MS ? warn('clock', message, action) : ok('clock', message);
}
