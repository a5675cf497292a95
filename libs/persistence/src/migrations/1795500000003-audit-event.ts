import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** What was administered, when and by whom; written once, read, and in the end given up as a whole. */
export class AuditEvent1795500000003 extends ForwardMigration {
  readonly name = 'AuditEvent1795500000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLE);
    await runner.query(APPEND_ONLY);
    await runner.query(PURGE);
  }
}

// Without a tenant: what concerns the deployment as a whole. No foreign key: the log outlives what it speaks of.
const TABLE = `
CREATE TABLE audit_event (
  tenant_id uuid,
  id uuid NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor_kind text NOT NULL CHECK (actor_kind IN ('key', 'person', 'system')),
  actor_id text NOT NULL,
  actor_role text,
  address text,
  action text NOT NULL,
  target_kind text NOT NULL,
  target_id text NOT NULL,
  detail jsonb NOT NULL,
  CONSTRAINT audit_event_id UNIQUE (tenant_id, id)
);
CREATE INDEX audit_event_order ON audit_event (id);
CREATE INDEX audit_event_at ON audit_event (at);
`;

// It stops slips and injected statements. Who owns the table can take the trigger away: that is for backups to show.
const APPEND_ONLY = `
CREATE FUNCTION keep_audit_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('parsimony.purging_audit', true) = 'on' THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'audit events are neither changed nor deleted' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_event
  FOR EACH ROW EXECUTE FUNCTION keep_audit_events();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit_event
  FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_events();
`;

// Not by the function's own SET: that takes a superuser for a setting which PostgreSQL does not know.
const PURGE = `
CREATE FUNCTION purge_audit_events_before(before timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  purged bigint;
BEGIN
  PERFORM set_config('parsimony.purging_audit', 'on', true);
  DELETE FROM audit_event WHERE at < before;
  GET DIAGNOSTICS purged = ROW_COUNT;
  PERFORM set_config('parsimony.purging_audit', 'off', true);
  RETURN purged;
END $$;
`;
