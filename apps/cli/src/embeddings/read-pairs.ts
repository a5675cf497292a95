import { parseUsd, type PicoDollars } from '@parsimony/contract';
import type { DataSource } from 'typeorm';
import { CommandFailed } from '../cli/exit-code.js';
import type { LabelledPair } from './labelled-pair.js';

/** What a tenant's cache has learnt, as far as its questions are still kept. */
export interface TenantPairs {
  /** Newest first, without those of texts that are equal. */
  readonly pairs: readonly LabelledPair[];
  /** What their answers have cost on average. */
  readonly answerCost: PicoDollars;
}

const TABLES = `SELECT to_regclass('plugin_semantic_cache.observation') IS NOT NULL AS present`;
const PAIRS = `SELECT kept.question AS kept, asked.question AS asked, lesson.is_right AS right, asked.cost AS cost
  FROM plugin_semantic_cache.observation AS lesson
  JOIN plugin_semantic_cache.entry AS kept ON kept.tenant_id = lesson.tenant_id AND kept.id = lesson.entry_id
  JOIN plugin_semantic_cache.entry AS asked ON asked.tenant_id = lesson.tenant_id AND asked.id = lesson.asked_entry_id
  WHERE lesson.tenant_id = $1 AND kept.question IS NOT NULL AND asked.question IS NOT NULL
    AND kept.question <> asked.question
  ORDER BY lesson.seq DESC LIMIT $2`;

/**
 * Reads the pairs of questions whose answers the cache has held against each other.
 *
 * @param most how many at the most.
 * @throws CommandFailed where the cache has never run on this database.
 */
export async function readPairs(dataSource: DataSource, tenantId: string, most: number): Promise<TenantPairs> {
  const [tables] = await dataSource.query<{ present: boolean }[]>(TABLES);
  if (!tables?.present) throw new CommandFailed('the database has no tables of plugin semantic-cache; is it loaded?');
  const rows = await dataSource.query<(LabelledPair & { cost: string })[]>(PAIRS, [tenantId, most]);
  const cost = rows.reduce((sum, row) => sum + parseUsd(row.cost), 0n);
  return {
    pairs: rows.map(({ kept, asked, right }) => ({ kept, asked, right })),
    answerCost: rows.length === 0 ? 0n : cost / BigInt(rows.length),
  };
}
