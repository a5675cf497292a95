import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A migration that is never edited and never undone: what it did is taken back by a later one. */
export abstract class ForwardMigration implements MigrationInterface {
  abstract readonly name: string;

  abstract up(runner: QueryRunner): Promise<void>;

  down(): Promise<void> {
    return Promise.reject(new Error(`${this.name} is not undone: write a later migration that takes it back`));
  }
}
