import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** Tenants, their configuration history, teams and keys, and the notices by which gateways follow changes. */
export class InitialTenancy1795478400000 extends ForwardMigration {
  readonly name = 'InitialTenancy1795478400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(NOTICES);
  }
}

// Keys and unique constraints of tenant-owned tables begin with tenant_id, so that they can be distributed by it.
const TABLES = `
CREATE TABLE tenant (
  id uuid PRIMARY KEY,
  name text NOT NULL CONSTRAINT tenant_name UNIQUE,
  revision int NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX tenant_changed_at ON tenant (changed_at);

CREATE TABLE tenant_configuration (
  tenant_id uuid NOT NULL REFERENCES tenant (id),
  revision int NOT NULL,
  document jsonb NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  updated_by text NOT NULL,
  PRIMARY KEY (tenant_id, revision)
);

CREATE TABLE team (
  tenant_id uuid NOT NULL REFERENCES tenant (id),
  id uuid NOT NULL,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT team_name UNIQUE (tenant_id, name)
);

CREATE TABLE api_key (
  tenant_id uuid NOT NULL REFERENCES tenant (id),
  id uuid NOT NULL,
  team_id uuid,
  name text NOT NULL,
  prefix text NOT NULL,
  secret_hash bytea NOT NULL,
  role text NOT NULL CHECK (role IN ('OWNER', 'ADMIN', 'MEMBER', 'VIEWER')),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT api_key_secret UNIQUE (tenant_id, secret_hash),
  -- Together with tenant_id: a key can never belong to another tenant's team.
  CONSTRAINT api_key_team FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, id)
);
CREATE INDEX api_key_id ON api_key (id);
CREATE INDEX team_id ON team (id);

CREATE TABLE operator_key (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  prefix text NOT NULL,
  secret_hash bytea NOT NULL CONSTRAINT operator_key_secret UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz
);
`;

// Whatever belongs to a tenant touches it, and a touched tenant tells every gateway. The time of a key's last use does
// not: each call would otherwise reload its tenant everywhere.
const NOTICES = `
CREATE FUNCTION touch_tenant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE tenant SET changed_at = clock_timestamp() WHERE id = coalesce(NEW.tenant_id, OLD.tenant_id);
  RETURN NULL;
END $$;

CREATE FUNCTION stamp_tenant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed_at := clock_timestamp();
  RETURN NEW;
END $$;

CREATE FUNCTION announce_tenant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('parsimony_tenancy', coalesce(NEW.id, OLD.id)::text);
  RETURN NULL;
END $$;

CREATE FUNCTION announce_operators() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('parsimony_tenancy', 'operators');
  RETURN NULL;
END $$;

CREATE TRIGGER stamp BEFORE UPDATE ON tenant FOR EACH ROW EXECUTE FUNCTION stamp_tenant();
CREATE TRIGGER announce AFTER INSERT OR UPDATE OR DELETE ON tenant FOR EACH ROW EXECUTE FUNCTION announce_tenant();
CREATE TRIGGER touch AFTER INSERT OR UPDATE OR DELETE ON tenant_configuration
  FOR EACH ROW EXECUTE FUNCTION touch_tenant();
CREATE TRIGGER touch AFTER INSERT OR UPDATE OR DELETE ON team FOR EACH ROW EXECUTE FUNCTION touch_tenant();
CREATE TRIGGER touch
  AFTER INSERT OR DELETE OR UPDATE OF team_id, name, prefix, secret_hash, role, expires_at, revoked_at ON api_key
  FOR EACH ROW EXECUTE FUNCTION touch_tenant();
CREATE TRIGGER announce AFTER INSERT OR UPDATE OR DELETE ON operator_key
  FOR EACH STATEMENT EXECUTE FUNCTION announce_operators();
`;
