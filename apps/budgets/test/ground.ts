import { randomUUID } from 'node:crypto';
import type { LeaseRequest } from '@parsimony/leases';
import { startTestDatabase, type TestDatabase } from '@parsimony/persistence/testing';
import { createLogger } from '@parsimony/telemetry';
import type { Budget } from '@parsimony/tenancy';
import { startBudgets, type BudgetsOptions, type BudgetsService } from '../src/index.js';
import { TestHolder } from './test-holder.js';

export const TOKEN = 'token-that-gateways-and-service-share';
export const SILENT_LOGGER = createLogger('budgets', 'silent');

interface BudgetOf extends Partial<Pick<Budget, 'period' | 'timezone' | 'mode' | 'thresholds' | 'teamId' | 'tag'>> {
  readonly amount: bigint;
}

interface RateLimitOf {
  readonly requests?: number;
  readonly tokens?: number;
  readonly calls?: number;
}

/** A provider call in the ledger. */
interface LedgerRow {
  readonly at: number;
  readonly cost: bigint;
  readonly reserved?: bigint;
  readonly settlement?: 'exact' | 'at-least' | 'unconfirmed';
  readonly leases?: readonly string[];
  readonly teamId?: string;
}

/** A real database with a tenant, and instances of the service on it, whose clock a spec can set. */
export class Ground implements AsyncDisposable {
  /** Undefined: the database's own clock. */
  now: number | undefined;
  readonly services: BudgetsService[] = [];

  tenantId = '';

  private constructor(readonly database: TestDatabase) {}

  static async prepare(): Promise<Ground> {
    const ground = new Ground(await startTestDatabase());
    await ground.changeTenant();
    return ground;
  }

  /** What is made from now on belongs to a fresh tenant. */
  async changeTenant(): Promise<void> {
    this.tenantId = randomUUID();
    const name = `Ромашка ${this.tenantId}`;
    await this.sql('INSERT INTO tenant (id, name, revision) VALUES ($1, $2, 1)', [this.tenantId, name]);
  }

  async start(options: Partial<BudgetsOptions> = {}): Promise<BudgetsService> {
    const service = await startBudgets({
      databaseUrl: this.database.url,
      token: TOKEN,
      logger: SILENT_LOGGER,
      leaderEveryMs: 50,
      ...(this.now !== undefined && { now: () => this.now ?? 0 }),
      ...options,
    });
    this.services.push(service);
    return service;
  }

  holder(service: BudgetsService, id: string = randomUUID()): TestHolder {
    return new TestHolder(service.url, TOKEN, id);
  }

  /** What a holder asks of a budget: nothing, unless it is said. */
  ask(budgetId: string, fields: Partial<LeaseRequest> = {}): LeaseRequest {
    return {
      ...{ tenantId: this.tenantId, budgetId, unit: 'pico-dollars', at: this.now ?? Date.now() },
      ...{ claim: 0n, spent: 0n, held: 0n, unconfirmed: 0n, need: 0n, want: 0n, uncovered: false },
      ...fields,
    };
  }

  async budget(budget: BudgetOf): Promise<string> {
    const id = randomUUID();
    await this.sql(
      `INSERT INTO budget (tenant_id, id, amount, period, mode, timezone, thresholds, team_id, tag_key, tag_value,
         managed_by, changed_by, created_at)
       VALUES ($1, $2, $3::numeric / 1000000000000, $4, $5, $6, $7, $8, $9, $10, 'tenant', 'spec', $11)`,
      [
        ...[
          this.tenantId,
          id,
          budget.amount,
          budget.period ?? 'TOTAL',
          budget.mode ?? 'HARD',
          budget.timezone ?? 'UTC',
        ],
        ...[budget.thresholds ?? [], budget.teamId ?? null, budget.tag?.key ?? null, budget.tag?.value ?? null],
        new Date(this.now ?? Date.now()),
      ],
    );
    return id;
  }

  async rateLimit({ requests, tokens, calls }: RateLimitOf): Promise<string> {
    const id = randomUUID();
    await this.sql(
      `INSERT INTO rate_limit (tenant_id, id, requests_per_minute, tokens_per_minute, concurrent_calls, managed_by, changed_by)
       VALUES ($1, $2, $3, $4, $5, 'tenant', 'spec')`,
      [this.tenantId, id, requests ?? null, tokens ?? null, calls ?? null],
    );
    return id;
  }

  async team(name: string): Promise<string> {
    const id = randomUUID();
    await this.sql('INSERT INTO team (tenant_id, id, name) VALUES ($1, $2, $3)', [this.tenantId, id, name]);
    return id;
  }

  async credit(budgetId: string, amount: bigint, expiresAt: number): Promise<string> {
    const id = randomUUID();
    await this.sql(
      `INSERT INTO budget_credit (tenant_id, id, budget_id, amount, expires_at, note, created_by)
       VALUES ($1, $2, $3, $4::numeric / 1000000000000, $5, 'подарок', 'spec')`,
      [this.tenantId, id, budgetId, amount, new Date(expiresAt)],
    );
    return id;
  }

  async ledger(...rows: readonly LedgerRow[]): Promise<void> {
    for (const row of rows) {
      await this.sql('SELECT ensure_usage_partition($1)', [new Date(row.at)]);
      await this.sql(
        `INSERT INTO usage (tenant_id, at, call_id, rung, operation, requested_model, settlement, cost, reserved, closes,
           streamed, leases, team_id, tags)
         VALUES ($1, $2, $3, 0, 'chat', 'gpt', $4, $5::numeric / 1000000000000, $6::numeric / 1000000000000, true, false,
           $7, $8, '{"отдел":"поиск"}')`,
        [
          ...[this.tenantId, new Date(row.at), randomUUID(), row.settlement ?? 'exact', row.cost],
          ...[row.reserved ?? row.cost, row.leases ?? null, row.teamId ?? null],
        ],
      );
    }
  }

  /** As the gateway's flusher says that all of a dead process's journal stands in the ledger. */
  async closeJournal(instance: string): Promise<void> {
    await this.sql('INSERT INTO closed_journal (instance) VALUES ($1) ON CONFLICT DO NOTHING', [instance]);
    await this.sql(`NOTIFY parsimony_usage`);
  }

  async sql<Row = Record<string, unknown>>(statement: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.database.dataSource.query(statement, [...parameters]);
  }

  /** The tenant's accounts: the limit without credits, and what is spent and lent of it in all. */
  async committed(): Promise<
    readonly { readonly budgetId: string; readonly limit: bigint; readonly committed: bigint }[]
  > {
    const rows = await this.sql<{ budgetId: string; limit: string; committed: string }>(
      `SELECT account.budget_id AS "budgetId", trunc(budget.amount * 1000000000000) AS limit,
             account.base + coalesce((SELECT sum(granted) FROM budget_lease AS lease
               WHERE (lease.tenant_id, lease.account_id) = (account.tenant_id, account.id)), 0) AS committed
        FROM budget_account AS account JOIN budget ON (budget.tenant_id, budget.id) = (account.tenant_id, account.budget_id)
       WHERE account.tenant_id = $1`,
      [this.tenantId],
    );
    return rows.map(({ budgetId, limit, committed }) => {
      return { budgetId, limit: BigInt(limit), committed: BigInt(committed) };
    });
  }

  async events(kind: string): Promise<readonly Record<string, unknown>[]> {
    const rows = await this.sql<{ detail: Record<string, unknown> }>(
      'SELECT detail FROM budget_event WHERE kind = $1 AND tenant_id = $2 ORDER BY at, detail',
      [kind, this.tenantId],
    );
    return rows.map(({ detail }) => detail);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const service of this.services) await service.stop();
    await this.database.stop();
  }
}
