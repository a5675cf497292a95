import { migrationState } from '../../database/migration-state.js';
import { fail, ok, warn, type Finding } from '../finding.js';
import type { Patient } from '../patient.js';

const OLDEST_POSTGRES = 15;

export async function checkDatabase({ database }: Patient): Promise<readonly Finding[]> {
  if (!database) return [];
  const { rows } = await database.query<{ version: string; number: number }>(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number`,
  );
  const { version = '?', number = 0 } = rows[0] ?? {};
  const server =
    number >= OLDEST_POSTGRES * 10_000
      ? ok('database', `PostgreSQL ${version} answers`)
      : fail('database', `PostgreSQL ${version} is too old`, `move to PostgreSQL ${OLDEST_POSTGRES} or later`);
  const { applied, pending, unknown } = await migrationState(database);
  if (unknown.length > 0) {
    return [
      server,
      warn('migrations', `${unknown.join(', ')} came from a later release`, 'run that release, or restore a backup'),
    ];
  }
  return [
    server,
    pending.length === 0
      ? ok('migrations', `all ${applied.length} have run`)
      : fail('migrations', `${pending.length} are pending: ${pending.join(', ')}`, 'run `parsimony migrate`'),
  ];
}
