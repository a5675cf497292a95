import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { Ground, SILENT_LOGGER } from '../../test/ground.js';
import { openPool } from '../database/open-pool.js';
import { prune } from './prune.js';

const NOON = Date.UTC(2026, 10, 25, 12);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

it('gives up what nobody asks for any more, and nothing else', async () => {
  await using ground = await Ground.prepare();
  ground.now = NOON;
  const service = await ground.start();
  const holder = ground.holder(service);
  const limit = await ground.rateLimit({ requests: 5, tokens: 5, calls: 5 });
  const budget = await ground.budget({ amount: 10n, period: 'HOUR' });
  for (const unit of ['requests', 'tokens', 'calls'] as const) await holder.lent(ground.ask(limit, { unit, need: 1n }));
  await holder.lent(ground.ask(budget, { need: 1n }));
  const forgotten = randomUUID();
  const journals = [forgotten, holder.id];
  for (const instance of journals) {
    await ground.sql('INSERT INTO closed_journal (instance, at) VALUES ($1, $2)', [
      instance,
      new Date(NOON - 31 * DAY),
    ]);
  }
  // Its own jobs would come between.
  await service.stop();
  const { url } = ground.database;
  const pool = openPool({ url, name: 'spec', connections: 1, patienceMs: 10_000, logger: SILENT_LOGGER });
  try {
    const pruneAt = (at: number) => prune.run({ pool, clock: () => new Date(at), logger: SILENT_LOGGER });
    const units = async () =>
      (await ground.sql('SELECT unit FROM budget_account ORDER BY unit')).map(({ unit }) => unit);

    await pruneAt(NOON + 11 * MINUTE);
    expect(await units()).toEqual(['calls', 'pico-dollars', 'requests', 'tokens']);
    await pruneAt(NOON + 11 * MINUTE + 1);
    expect(await units()).toEqual(['calls', 'pico-dollars']);
    await pruneAt(NOON + 2 * DAY);
    expect(await ground.sql('SELECT FROM budget_lease')).toHaveLength(1);
    await ground.sql('UPDATE budget_account SET final_at = $1', [new Date(NOON)]);
    await pruneAt(NOON + 400 * DAY);
    expect(await ground.sql('SELECT FROM budget_lease')).toHaveLength(1);
    await pruneAt(NOON + 400 * DAY + 1);
    expect(await ground.sql('SELECT FROM budget_lease')).toHaveLength(0);
    expect(await ground.sql('SELECT FROM closed_journal')).toHaveLength(0);
  } finally {
    await pool.end();
  }
});
