import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** What a key may call and from where, and a former secret that stays good while a new one is rolled out. */
export class KeyScopes1795500000001 extends ForwardMigration {
  readonly name = 'KeyScopes1795500000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COLUMNS);
    await runner.query(FORMER_SECRET);
    await runner.query(NOTICES);
  }
}

const COLUMNS = `
ALTER TABLE api_key
  ADD COLUMN allowed_models text[],
  ADD COLUMN allowed_addresses text[],
  ADD COLUMN former_secret_hash bytea,
  ADD COLUMN former_expires_at timestamptz;
`;

// Who writes a new secret need not be able to read the old one's hash: the database keeps it.
const FORMER_SECRET = `
CREATE FUNCTION keep_former_secret() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.former_secret_hash := OLD.secret_hash;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_former_secret BEFORE UPDATE OF secret_hash ON api_key
  FOR EACH ROW EXECUTE FUNCTION keep_former_secret();
`;

const NOTICES = `
DROP TRIGGER touch ON api_key;
CREATE TRIGGER touch
  AFTER INSERT OR DELETE OR UPDATE OF team_id, name, prefix, secret_hash, role, expires_at, revoked_at,
    allowed_models, allowed_addresses, former_secret_hash, former_expires_at ON api_key
  FOR EACH ROW EXECUTE FUNCTION touch_tenant();
`;
