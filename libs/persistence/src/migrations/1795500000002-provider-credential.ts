import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** Credentials at providers that a tenant, or one of its teams, brings with it; their secrets sealed. */
export class ProviderCredential1795500000002 extends ForwardMigration {
  readonly name = 'ProviderCredential1795500000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLE);
  }
}

const TABLE = `
CREATE TABLE provider_credential (
  tenant_id uuid NOT NULL REFERENCES tenant (id),
  id uuid NOT NULL,
  team_id uuid,
  provider text NOT NULL,
  kind text NOT NULL,
  base_url text,
  settings jsonb NOT NULL,
  sealed bytea NOT NULL,
  master_key_id text NOT NULL,
  hint text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now(),
  changed_by text NOT NULL,
  PRIMARY KEY (tenant_id, id),
  -- One of the tenant as a whole counts as a team of its own, so that there is one of it at most.
  CONSTRAINT provider_credential_place UNIQUE NULLS NOT DISTINCT (tenant_id, team_id, provider),
  CONSTRAINT provider_credential_team FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, id)
);
CREATE INDEX provider_credential_id ON provider_credential (id);
CREATE TRIGGER touch AFTER INSERT OR UPDATE OR DELETE ON provider_credential
  FOR EACH ROW EXECUTE FUNCTION touch_tenant();
`;
