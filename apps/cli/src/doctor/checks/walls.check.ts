import { fail, ok, reasonOf, type Finding } from '../finding.js';
import type { Patient } from '../patient.js';

const CHECK = 'tenant walls';
const ROLE = 'parsimony_tenant';

/** Tables of tenants, plugins' too, without row-level security, or without a policy, whether parents or partitions. */
const OPEN_TABLES = `
SELECT CASE WHEN n.nspname = current_schema() THEN '' ELSE n.nspname || '.' END || c.relname AS name
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE (n.nspname = current_schema() OR n.nspname LIKE 'plugin\\_%') AND c.relkind IN ('r', 'p')
  AND (c.relname = 'tenant' OR EXISTS (
    SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped))
  AND NOT (c.relrowsecurity AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))
ORDER BY 1`;

/** Row-level security: whether it is there, and whether it really hides rows from the role that tenants' work runs under. */
export async function checkWalls({ database }: Patient): Promise<readonly Finding[]> {
  if (!database) return [];
  const { rows: roles } = await database.query<{ mighty: boolean }>(
    'SELECT rolsuper OR rolbypassrls AS mighty FROM pg_roles WHERE rolname = $1',
    [ROLE],
  );
  if (!roles[0]) return [fail(CHECK, `there is no role ${ROLE}`, 'run `parsimony migrate`')];
  if (roles[0].mighty) {
    return [
      fail(
        CHECK,
        `the role ${ROLE} may see every tenant's rows`,
        `as a superuser: ALTER ROLE ${ROLE} NOSUPERUSER NOBYPASSRLS`,
      ),
    ];
  }
  const { rows: open } = await database.query<{ name: string }>(OPEN_TABLES);
  if (open.length > 0) {
    const names = open.map(({ name }) => name).join(', ');
    return [fail(CHECK, `no row-level security on ${names}`, 'run `parsimony migrate`; else somebody switched it off')];
  }
  await database.query('BEGIN READ ONLY');
  try {
    await database.query(`SELECT set_config('role', $1, true), set_config('parsimony.tenant_id', $2, true)`, [
      ROLE,
      '00000000-0000-0000-0000-000000000000',
    ]);
    const { rows } = await database.query<{ seen: boolean }>('SELECT EXISTS (SELECT FROM tenant) AS seen');
    return [
      rows[0]?.seen
        ? fail(CHECK, 'a stranger sees rows of tenants', 'look at the policies of table tenant: one is too wide')
        : ok(CHECK, 'row-level security is in force on every table of tenants'),
    ];
  } catch (error) {
    return [fail(CHECK, `work cannot run as ${ROLE}: ${reasonOf(error)}`, `as a superuser: GRANT ${ROLE} TO the user`)];
  } finally {
    await database.query('ROLLBACK');
  }
}
