import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** What is not counted in tokens, and cache writes that are kept for an hour. A constant default rewrites no row. */
export class UsageBuckets1795500000000 extends ForwardMigration {
  readonly name = 'UsageBuckets1795500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE usage
        ADD COLUMN cache_write_long int NOT NULL DEFAULT 0,
        ADD COLUMN characters int NOT NULL DEFAULT 0,
        ADD COLUMN seconds int NOT NULL DEFAULT 0,
        ADD COLUMN searches int NOT NULL DEFAULT 0`);
  }
}
