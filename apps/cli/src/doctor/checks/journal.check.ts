import { journalState } from '../../journal/journal-state.js';
import { fail, ok, warn, type Finding } from '../finding.js';
import type { Patient } from '../patient.js';

const MEBIBYTE = 2 ** 20;
const LARGE_BACKLOG = 256 * MEBIBYTE;

export async function checkJournal({ home, database }: Patient): Promise<readonly Finding[]> {
  const { leftOver, bytes, rejectedBytes } = await journalState(home);
  const findings: Finding[] = [];
  if (leftOver.length > 0) {
    const names = leftOver.join(', ');
    findings.push(
      warn('journal', `a gateway that is no more left ${names}`, 'start a gateway on this folder: it replays them'),
    );
  }
  if (bytes > LARGE_BACKLOG) {
    const size = `${Math.round(bytes / MEBIBYTE)} MiB of journal wait for the database`;
    findings.push(warn('journal', size, 'see why the database does not take them: the gateway’s log says it'));
  }
  if (rejectedBytes > 0) {
    const where = `${home}/journal/rejected.rows`;
    findings.push(fail('journal', `the database refused rows; they lie in ${where}`, 'the gateway’s log says why'));
  }
  if (findings.length === 0) findings.push(ok('journal', 'nothing is left over'));
  return database ? [...findings, ...(await ledgerLag(database))] : findings;
}

async function ledgerLag(database: NonNullable<Patient['database']>): Promise<readonly Finding[]> {
  const { rows: found } = await database.query<{ there: boolean }>(`SELECT to_regclass('usage') IS NOT NULL AS there`);
  if (!found[0]?.there) return [];
  // A call stands in the ledger when it is settled; those of the last hour tell how late the flusher is.
  const { rows } = await database.query<{ seconds: number | null }>(
    `SELECT extract(epoch FROM max(settled_at - at - make_interval(secs => coalesce(latency_ms, 0) / 1000.0)))::float8 AS seconds
     FROM usage WHERE closes AND at > now() - interval '1 hour'`,
  );
  const seconds = rows[0]?.seconds ?? null;
  if (seconds === null) return [ok('ledger', 'no calls within the last hour')];
  const message = `calls of the last hour stood in the ledger at most ${seconds.toFixed(1)} s after their answer`;
  return [
    seconds < 60 ? ok('ledger', message) : warn('ledger', message, 'see whether the database is slow or was away'),
  ];
}
