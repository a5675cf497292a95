import type { PluginMigration } from '@parsimony/contract';
import { LEARNING_MIGRATION } from './learning/index.js';

/** Tables of the cache, oldest migration first. One that has run anywhere is never changed. */
export const migrations: readonly PluginMigration[] = [
  {
    name: '0001-entries',
    statements: [
      // `prompt` is folded to lower case by the gateway: not every PostgreSQL folds Cyrillic. Null: all of it is not known.
      `CREATE TABLE entry (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        kind text NOT NULL CHECK (kind IN ('exact', 'semantic', 'result')),
        key bytea,
        scope text,
        namespace text,
        question text,
        prompt text,
        signature jsonb,
        answer bytea NOT NULL,
        answer_digest bytea NOT NULL,
        target jsonb,
        usage jsonb NOT NULL,
        cost numeric(30, 12) NOT NULL,
        bytes integer NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        last_hit_at timestamptz NOT NULL,
        hits bigint NOT NULL DEFAULT 0,
        PRIMARY KEY (tenant_id, id)
      )`,
      'CREATE INDEX entry_by_use ON entry (tenant_id, last_hit_at)',
      'CREATE INDEX entry_by_expiry ON entry (expires_at)',
      ...wall('entry', ['SELECT', 'DELETE']),
    ],
  },
  LEARNING_MIGRATION,
];

/** Row-level security: under `parsimony_tenant` a tenant sees its own rows only. */
function wall(table: string, grants: readonly string[]): readonly string[] {
  return [
    `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`,
    `CREATE POLICY tenant_wall ON ${table} TO parsimony_tenant
       USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id())`,
    `GRANT ${grants.join(', ')} ON ${table} TO parsimony_tenant`,
  ];
}
