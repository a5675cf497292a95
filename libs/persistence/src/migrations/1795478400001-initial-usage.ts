import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** The ledger, one partition a month. */
export class InitialUsage1795478400001 extends ForwardMigration {
  readonly name = 'InitialUsage1795478400001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(LEDGER);
    await runner.query(ENSURE_PARTITION);
    await runner.query(DROP_PARTITIONS);
  }
}

// No index but the primary key. A call is found by its id all the same: ids are UUID version 7, whose time is the call's
// arrival to the millisecond, so that a query bounds "at" by it and reads one partition by its key.
const LEDGER = `
CREATE SEQUENCE usage_seq;

CREATE TABLE usage (
  tenant_id uuid NOT NULL,
  at timestamptz NOT NULL,
  call_id uuid NOT NULL,
  rung smallint NOT NULL,
  team_id uuid,
  key_id uuid,
  operation text NOT NULL,
  requested_model text NOT NULL,
  tags jsonb,
  provider text,
  model text,
  tier text,
  purpose text,
  settlement text CHECK (settlement IN ('exact', 'at-least', 'unconfirmed')),
  price_source text CHECK (price_source IN ('catalogue', 'tenant', 'ceiling')),
  input int NOT NULL DEFAULT 0,
  cached_input int NOT NULL DEFAULT 0,
  cache_write int NOT NULL DEFAULT 0,
  input_audio int NOT NULL DEFAULT 0,
  output int NOT NULL DEFAULT 0,
  reasoning int NOT NULL DEFAULT 0,
  output_audio int NOT NULL DEFAULT 0,
  cost numeric(24,12) NOT NULL,
  reserved numeric(24,12) NOT NULL,
  rung_status text CHECK (rung_status IN ('ok', 'failed', 'cancelled')),
  provider_status smallint,
  rung_latency_ms real,
  closes boolean NOT NULL,
  status text CHECK (status IN ('ok', 'failed', 'refused', 'cancelled')),
  error_code text,
  streamed boolean NOT NULL,
  cache text CHECK (cache IN ('miss', 'exact', 'semantic', 'bypass')),
  saved numeric(24,12),
  latency_ms real,
  decisions jsonb,
  seq bigint NOT NULL DEFAULT nextval('usage_seq'),
  settled_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, at, call_id, rung)
) PARTITION BY RANGE (at);
`;

// Made apart and then attached, since "CREATE TABLE ... PARTITION OF" locks the whole ledger against reading and writing,
// whereas ATTACH does not. The lock is the one that ATTACH takes anyway: it stops a second maker and nobody else, and
// unlike an advisory lock it makes this session hear of the table that the first maker has committed meanwhile.
const ENSURE_PARTITION = `
CREATE FUNCTION ensure_usage_partition(at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  month timestamp := date_trunc('month', at AT TIME ZONE 'UTC');
  partition text := 'usage_' || to_char(month, 'YYYY_MM');
BEGIN
  IF to_regclass(partition) IS NOT NULL THEN RETURN; END IF;
  LOCK TABLE usage IN SHARE UPDATE EXCLUSIVE MODE;
  IF to_regclass(partition) IS NOT NULL THEN RETURN; END IF;
  EXECUTE format('CREATE TABLE %I (LIKE usage INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)', partition);
  EXECUTE format('ALTER TABLE usage ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
    partition, month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
END $$;
`;

// Dropping waits for whoever reads the ledger, and everybody else waits behind it: better to give up and come again.
const DROP_PARTITIONS = `
CREATE FUNCTION drop_usage_partitions_before(before timestamptz) RETURNS SETOF text LANGUAGE plpgsql
  SET lock_timeout = '5s' AS $$
DECLARE
  partition text;
BEGIN
  FOR partition IN
    SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'usage'::regclass
      AND (to_date(right(relname, 7), 'YYYY_MM') + interval '1 month') AT TIME ZONE 'UTC' <= before
    ORDER BY relname
  LOOP
    EXECUTE format('DROP TABLE %I', partition);
    RETURN NEXT partition;
  END LOOP;
END $$;
`;
