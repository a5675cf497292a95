import { sqlRefusal } from '@parsimony/persistence';
import type pg from 'pg';

const TRIES = 4;
/** Serialization failure and deadlock (PostgreSQL manual, appendix A): the transaction did nothing and may be repeated. */
const REPEATABLE = new Set(['40001', '40P01']);

/**
 * Runs work in a transaction, and again where PostgreSQL gave it up in favour of another one.
 *
 * @throws what the work throws; the transaction is rolled back then.
 */
export async function inTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(pool, work);
    } catch (error) {
      if (attempt === TRIES || !REPEATABLE.has(sqlRefusal(error)?.state ?? '')) throw error;
    }
  }
}

async function once<Result>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  // Between two statements a connection that breaks has nobody to tell; without a handler it would end the process.
  const overlook = (): void => undefined;
  client.on('error', overlook);
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: unknown) => {
      broken = failure instanceof Error ? failure : new Error(String(failure));
    });
    throw error;
  } finally {
    client.off('error', overlook);
    client.release(broken);
  }
}
