import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** Answers that are given again where a request comes a second time with its idempotency key. */
export class IdempotencyRecord1795500000004 extends ForwardMigration {
  readonly name = 'IdempotencyRecord1795500000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLE);
  }
}

// "holder" is whose turn it is while the request is under way; the turn is lost where its lease runs out.
const TABLE = `
CREATE TABLE idempotency_record (
  tenant_id uuid NOT NULL REFERENCES tenant (id),
  key_id uuid NOT NULL,
  idempotency_hash bytea NOT NULL,
  request_hash bytea NOT NULL,
  state text NOT NULL CHECK (state IN ('in-progress', 'answered')),
  holder uuid NOT NULL,
  leased_until timestamptz NOT NULL,
  status smallint,
  headers jsonb,
  body bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, key_id, idempotency_hash),
  CONSTRAINT idempotency_record_answer
    CHECK (state = 'in-progress' OR (status IS NOT NULL AND headers IS NOT NULL AND body IS NOT NULL))
);
CREATE INDEX idempotency_record_expires ON idempotency_record (expires_at);
`;
