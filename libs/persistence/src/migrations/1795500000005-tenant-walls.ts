import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/**
 * Row-level security: work on a tenant's behalf runs under the role `parsimony_tenant`, which sees the rows of one tenant
 * and may do to them what is granted here, so that a forgotten WHERE leaks nothing. The tables' owner is not bound by it:
 * the directory, the ledger's writer and operators see everything.
 */
export class TenantWalls1795500000005 extends ForwardMigration {
  readonly name = 'TenantWalls1795500000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ROLE);
    await runner.query(CURRENT_TENANT);
    for (const [table, grants] of Object.entries(GRANTS)) await runner.query(wall(table, grants));
    await runner.query(PARTITIONS);
  }
}

// Roles belong to the whole cluster: another database's migration may make it at the same moment.
const ROLE = `
DO $$
DECLARE
  how_to text := format('Let a superuser run: CREATE ROLE parsimony_tenant NOLOGIN; GRANT parsimony_tenant TO %I; and migrate again.', current_user);
  may_set boolean;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'parsimony_tenant') THEN
    BEGIN
      CREATE ROLE parsimony_tenant NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION;
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN NULL;
      WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'the database user "%" may not create the role parsimony_tenant. %', current_user, how_to
          USING ERRCODE = 'insufficient_privilege';
    END;
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'parsimony_tenant' AND (rolsuper OR rolbypassrls OR rolcreaterole)) THEN
    RAISE EXCEPTION 'the role parsimony_tenant is too mighty to keep tenants apart; let a superuser run: ALTER ROLE parsimony_tenant NOSUPERUSER NOBYPASSRLS NOCREATEROLE; and migrate again.'
      USING ERRCODE = 'invalid_role_specification';
  END IF;
  -- Since PostgreSQL 16 who made a role is its member, and yet may not become it.
  may_set := pg_has_role(current_user, 'parsimony_tenant',
    CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END);
  IF NOT may_set THEN
    BEGIN
      EXECUTE format('GRANT parsimony_tenant TO %I', current_user);
    EXCEPTION
      WHEN unique_violation THEN NULL;
      WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'the database user "%" may not become the role parsimony_tenant. %', current_user, how_to
          USING ERRCODE = 'insufficient_privilege';
    END;
  END IF;
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO parsimony_tenant', current_schema());
END $$;
`;

// After a transaction that set it, the setting is empty and no longer NULL.
const CURRENT_TENANT = `
CREATE FUNCTION current_tenant_id() RETURNS uuid LANGUAGE sql STABLE
  RETURN nullif(current_setting('parsimony.tenant_id', true), '')::uuid;
`;

// No secret can be read: neither hashes of keys nor sealed credentials.
const GRANTS: Readonly<Record<string, readonly string[]>> = {
  tenant: ['SELECT', 'UPDATE (revision, changed_at)'],
  tenant_configuration: ['SELECT', 'INSERT'],
  team: ['SELECT', 'INSERT'],
  api_key: [
    `SELECT (tenant_id, id, team_id, name, prefix, role, created_at, expires_at, revoked_at, last_used_at,
       allowed_models, allowed_addresses, former_expires_at)`,
    `INSERT (tenant_id, id, team_id, name, prefix, secret_hash, role, created_at, expires_at, allowed_models,
       allowed_addresses)`,
    'UPDATE (secret_hash, prefix, former_expires_at, revoked_at)',
  ],
  usage: ['SELECT'],
  provider_credential: [
    `SELECT (tenant_id, id, team_id, provider, kind, base_url, settings, master_key_id, hint, created_at, changed_at,
       changed_by)`,
    'INSERT',
    'UPDATE (kind, base_url, settings, sealed, master_key_id, hint, changed_at, changed_by)',
    'DELETE',
  ],
  audit_event: ['SELECT', 'INSERT'],
  idempotency_record: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
};

function wall(table: string, grants: readonly string[]): string {
  const owner = table === 'tenant' ? 'id' : 'tenant_id';
  const mine = `${owner} = current_tenant_id()`;
  return `
ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_wall ON ${table} TO parsimony_tenant USING (${mine}) WITH CHECK (${mine});
${grants.map((grant) => `GRANT ${grant} ON ${table} TO parsimony_tenant;`).join('\n')}`;
}

// The ledger is read through its parent, whose policy holds then. Months have one of their own all the same, so that a
// grant which somebody gives on one opens no more than it should.
const PARTITIONS = `
CREATE FUNCTION wall_off_usage_partition(partition text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', partition);
  EXECUTE format('CREATE POLICY tenant_wall ON %I TO parsimony_tenant USING (tenant_id = current_tenant_id())', partition);
END $$;

SELECT wall_off_usage_partition(relname::text) FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
 WHERE inhparent = 'usage'::regclass;

CREATE OR REPLACE FUNCTION ensure_usage_partition(at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  month timestamp := date_trunc('month', at AT TIME ZONE 'UTC');
  partition text := 'usage_' || to_char(month, 'YYYY_MM');
BEGIN
  IF to_regclass(partition) IS NOT NULL THEN RETURN; END IF;
  LOCK TABLE usage IN SHARE UPDATE EXCLUSIVE MODE;
  IF to_regclass(partition) IS NOT NULL THEN RETURN; END IF;
  EXECUTE format('CREATE TABLE %I (LIKE usage INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)', partition);
  PERFORM wall_off_usage_partition(partition);
  EXECUTE format('ALTER TABLE usage ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
    partition, month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
END $$;
`;
