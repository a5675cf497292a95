import type { QueryRunner } from 'typeorm';
import { ForwardMigration } from './forward-migration.js';

/** Budgets, credits and rate limits; what of them is lent to gateways; and which leases a provider call was charged to. */
export class Budgets1795600000000 extends ForwardMigration {
  readonly name = 'Budgets1795600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(LIMITS);
    await runner.query(LENDING);
    await runner.query(LEDGER);
    for (const [table, grants] of Object.entries(GRANTS)) await runner.query(wall(table, grants));
  }
}

// A budget that was deleted stays, since accounts and events speak of it. NULLS NOT DISTINCT: one budget for each scope and
// period, the tenant as a whole included.
const LIMITS = `
CREATE TABLE budget (
  tenant_id uuid NOT NULL REFERENCES tenant (id),
  id uuid NOT NULL,
  name text,
  team_id uuid,
  key_id uuid,
  tag_key text,
  tag_value text,
  pooled_team_ids uuid[],
  amount numeric(24,12) NOT NULL CHECK (amount > 0),
  period text NOT NULL CHECK (period IN ('HOUR', 'DAY', 'WEEK', 'MONTH', 'TOTAL')),
  mode text NOT NULL CHECK (mode IN ('HARD', 'SOFT')),
  timezone text NOT NULL,
  thresholds double precision[] NOT NULL,
  downgrade_at double precision,
  managed_by text NOT NULL CHECK (managed_by IN ('tenant', 'team')),
  revision int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  changed_by text NOT NULL,
  deleted_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT budget_team FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, id),
  CONSTRAINT budget_key FOREIGN KEY (tenant_id, key_id) REFERENCES api_key (tenant_id, id),
  CONSTRAINT budget_tag CHECK ((tag_key IS NULL) = (tag_value IS NULL)),
  CONSTRAINT budget_pool CHECK (pooled_team_ids IS NULL
    OR (name IS NOT NULL AND team_id IS NULL AND key_id IS NULL AND tag_key IS NULL))
);
CREATE UNIQUE INDEX budget_scope ON budget (tenant_id, team_id, key_id, tag_key, tag_value, period) NULLS NOT DISTINCT
  WHERE deleted_at IS NULL AND pooled_team_ids IS NULL;
CREATE UNIQUE INDEX budget_pool_name ON budget (tenant_id, name, period)
  WHERE deleted_at IS NULL AND pooled_team_ids IS NOT NULL;

CREATE TABLE budget_credit (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  budget_id uuid NOT NULL,
  amount numeric(24,12) NOT NULL CHECK (amount > 0),
  -- By accounts that are final, and by others up to the moment at which the credit ended.
  consumed numeric(24,12) NOT NULL DEFAULT 0 CHECK (consumed >= 0 AND consumed <= amount),
  expires_at timestamptz NOT NULL,
  note text,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  created_by text NOT NULL,
  -- Expired or revoked, and what it had paid for is settled.
  ended_at timestamptz,
  revoked_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT budget_credit_budget FOREIGN KEY (tenant_id, budget_id) REFERENCES budget (tenant_id, id)
);
CREATE INDEX budget_credit_open ON budget_credit (tenant_id, budget_id) WHERE ended_at IS NULL;

CREATE TABLE rate_limit (
  tenant_id uuid NOT NULL REFERENCES tenant (id),
  id uuid NOT NULL,
  team_id uuid,
  key_id uuid,
  tag_key text,
  tag_value text,
  requests_per_minute bigint CHECK (requests_per_minute > 0),
  tokens_per_minute bigint CHECK (tokens_per_minute > 0),
  concurrent_calls bigint CHECK (concurrent_calls > 0),
  managed_by text NOT NULL CHECK (managed_by IN ('tenant', 'team')),
  revision int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  changed_by text NOT NULL,
  deleted_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT rate_limit_team FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, id),
  CONSTRAINT rate_limit_key FOREIGN KEY (tenant_id, key_id) REFERENCES api_key (tenant_id, id),
  CONSTRAINT rate_limit_tag CHECK ((tag_key IS NULL) = (tag_value IS NULL))
);
CREATE UNIQUE INDEX rate_limit_scope ON rate_limit (tenant_id, team_id, key_id, tag_key, tag_value) NULLS NOT DISTINCT
  WHERE deleted_at IS NULL;

CREATE TRIGGER touch AFTER INSERT OR UPDATE OR DELETE ON budget FOR EACH ROW EXECUTE FUNCTION touch_tenant();
CREATE TRIGGER touch AFTER INSERT OR UPDATE OR DELETE ON rate_limit FOR EACH ROW EXECUTE FUNCTION touch_tenant();
`;

// Amounts are whole numbers of the account's unit. What is granted to all leases of an account and its "base", which no
// lease covers, never comes to more than its limit and its credits, but for what was spent in spite of it.
const LENDING = `
CREATE SEQUENCE budget_account_seq;
CREATE TABLE budget_account (
  tenant_id uuid NOT NULL,
  id bigint NOT NULL DEFAULT nextval('budget_account_seq'),
  -- Of a budget, or of a rate limit.
  budget_id uuid NOT NULL,
  unit text NOT NULL CHECK (unit IN ('pico-dollars', 'requests', 'tokens', 'calls')),
  period_start timestamptz NOT NULL,
  period_end timestamptz,
  -- Spent by calls that were charged to no lease of this account: before there was a budget, or while it could not be asked.
  base numeric(38,0) NOT NULL DEFAULT 0,
  base_due_at timestamptz,
  -- Limit that credits have given for good.
  credited numeric(38,0) NOT NULL DEFAULT 0,
  -- Until then somebody could not borrow what it needed: others give back what they can spare.
  short_until timestamptz,
  thresholds_passed double precision[] NOT NULL DEFAULT '{}',
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Nothing can be charged to it any more.
  final_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT budget_account_period UNIQUE (tenant_id, budget_id, unit, period_start)
);
CREATE INDEX budget_account_open ON budget_account (period_end) WHERE final_at IS NULL;
CREATE INDEX budget_account_current ON budget_account (tenant_id, budget_id, unit) WHERE final_at IS NULL;

CREATE SEQUENCE budget_lease_seq;
CREATE TABLE budget_lease (
  tenant_id uuid NOT NULL,
  id bigint NOT NULL DEFAULT nextval('budget_lease_seq'),
  account_id bigint NOT NULL,
  -- The gateway process: the instance of its journal.
  holder uuid NOT NULL,
  granted numeric(38,0) NOT NULL,
  spent numeric(38,0) NOT NULL DEFAULT 0,
  held numeric(38,0) NOT NULL DEFAULT 0,
  unconfirmed numeric(38,0) NOT NULL DEFAULT 0,
  -- Of the holder's last request about it: an older one that comes late is not heeded.
  sequence bigint NOT NULL,
  expires_at timestamptz NOT NULL,
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  closed_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT budget_lease_holder UNIQUE (tenant_id, account_id, holder),
  CONSTRAINT budget_lease_account FOREIGN KEY (tenant_id, account_id) REFERENCES budget_account (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX budget_lease_open ON budget_lease (holder) WHERE closed_at IS NULL;
CREATE INDEX budget_lease_expiry ON budget_lease (expires_at) WHERE closed_at IS NULL;

CREATE TABLE budget_event (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  budget_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('threshold', 'overdraft', 'lease-lost', 'lease-settled')),
  detail jsonb NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX budget_event_at ON budget_event (at);
CREATE INDEX budget_event_budget ON budget_event (tenant_id, budget_id, at);

-- Journals of processes that are no more, all of which stands in the ledger: their leases can be settled from it.
CREATE TABLE closed_journal (
  instance uuid PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
`;

const LEDGER = `ALTER TABLE usage ADD COLUMN leases bigint[]`;

const GRANTS: Readonly<Record<string, readonly string[]>> = {
  budget: ['SELECT', 'INSERT', 'UPDATE'],
  budget_credit: ['SELECT', 'INSERT', 'UPDATE (revoked_at)'],
  rate_limit: ['SELECT', 'INSERT', 'UPDATE'],
  budget_account: ['SELECT'],
  budget_lease: ['SELECT'],
  budget_event: ['SELECT'],
};

function wall(table: string, grants: readonly string[]): string {
  const mine = 'tenant_id = current_tenant_id()';
  return `
ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_wall ON ${table} TO parsimony_tenant USING (${mine}) WITH CHECK (${mine});
${grants.map((grant) => `GRANT ${grant} ON ${table} TO parsimony_tenant;`).join('\n')}`;
}
