import { MasterKeys } from '@parsimony/tenancy';
import { fail, ok, warn, type Finding } from '../finding.js';
import type { Patient } from '../patient.js';

const CHECK = 'master key';

/** Whether the keys that are set open every credential that tenants have stored, by the fingerprints in the database. */
export async function checkMasterKey({ environment, database }: Patient): Promise<readonly Finding[]> {
  if (!database) return [];
  const { rows: found } = await database.query<{ there: boolean }>(
    `SELECT to_regclass('provider_credential') IS NOT NULL AS there`,
  );
  if (!found[0]?.there) return [];
  const { rows } = await database.query<{ id: string; count: number }>(
    'SELECT master_key_id AS id, count(*)::int AS count FROM provider_credential GROUP BY 1',
  );
  const { PARSIMONY_MASTER_KEY: current, PARSIMONY_MASTER_KEY_PREVIOUS: previous } = environment;
  if (current === undefined) {
    return rows.length === 0
      ? [warn(CHECK, 'none is set: tenants cannot store credentials', 'set PARSIMONY_MASTER_KEY, best 32 random bytes')]
      : [fail(CHECK, 'credentials are stored, and no key is set', 'set the PARSIMONY_MASTER_KEY that sealed them')];
  }
  const { currentId } = await MasterKeys.from({ current });
  const previousId = previous === undefined ? null : (await MasterKeys.from({ current: previous })).currentId;
  const lost = rows.filter(({ id }) => id !== currentId && id !== previousId);
  if (lost.length > 0) {
    const what = lost.map(({ id, count }) => `${count} by ${id}`).join(', ');
    return [
      fail(
        CHECK,
        `credentials are sealed by keys that are not set: ${what}`,
        'set the key that sealed them as PARSIMONY_MASTER_KEY_PREVIOUS and run `parsimony master-key rotate`',
      ),
    ];
  }
  const stale = rows.find(({ id }) => id === previousId && id !== currentId);
  return [
    stale
      ? warn(CHECK, `${stale.count} credentials are sealed by the previous key`, 'run `parsimony master-key rotate`')
      : ok(CHECK, `${currentId} opens all credentials`),
  ];
}
