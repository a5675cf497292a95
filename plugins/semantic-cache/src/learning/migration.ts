import type { PluginMigration } from '@parsimony/contract';

/**
 * What the semantic cache has learnt. `observation` is a log for each tenant, numbered without gaps; `verifier` holds what
 * was folded from it up to a number, so that a gateway that starts needs not read all of it.
 */
export const LEARNING_MIGRATION: PluginMigration = {
  name: '0002-learning',
  statements: [
    // `state` is json and not jsonb, which would sort what the verifier keeps in the order of use.
    `CREATE TABLE observation (
      tenant_id uuid NOT NULL,
      seq bigint NOT NULL,
      kind text NOT NULL,
      entry_id uuid NOT NULL,
      asked_entry_id uuid NOT NULL,
      observation jsonb NOT NULL,
      is_right boolean NOT NULL,
      audit boolean NOT NULL,
      at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (tenant_id, seq)
    )`,
    `CREATE TABLE verifier (
      tenant_id uuid PRIMARY KEY,
      seq bigint NOT NULL,
      state json NOT NULL
    )`,
    `CREATE TABLE quality (
      tenant_id uuid NOT NULL,
      kind text NOT NULL,
      lookups bigint NOT NULL,
      hits bigint NOT NULL,
      explorations bigint NOT NULL,
      audits bigint NOT NULL,
      false_hits bigint NOT NULL,
      PRIMARY KEY (tenant_id, kind)
    )`,
    ...['observation', 'verifier', 'quality'].flatMap((table) => [
      `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`,
      `CREATE POLICY tenant_wall ON ${table} TO parsimony_tenant
         USING (tenant_id = current_tenant_id()) WITH CHECK (tenant_id = current_tenant_id())`,
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO parsimony_tenant`,
    ]),
  ],
};
