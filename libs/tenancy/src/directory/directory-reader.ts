import type { JsonObject } from '@parsimony/contract';
import type { DataSource } from 'typeorm';
import { STORED_CREDENTIAL } from '../credentials/stored-credential.js';
import type { StoredCredential } from '../credentials/stored-credential.js';
import { HEARINGS, LISTENER } from './change-listener.js';
import { writeHeard } from './hearings.js';
import type { Heard } from './hearings.js';
import type { Budget } from '../limits/budget.js';
import { BUDGET_COLUMNS, budgetOf } from '../limits/budget-row.js';
import type { BudgetRow } from '../limits/budget-row.js';
import type { RateLimit } from '../limits/rate-limit.js';
import { RATE_LIMIT_COLUMNS, rateLimitOf } from '../limits/rate-limit-row.js';
import type { RateLimitRow } from '../limits/rate-limit-row.js';
import type { TenantRole } from '../role.js';

export interface KeyRecord {
  readonly id: string;
  readonly tenantId: string;
  readonly teamId: string | null;
  readonly role: TenantRole;
  readonly secretHash: Buffer;
  /** Of the secret before the last rotation, and until when it is good. */
  readonly formerSecretHash: Buffer | null;
  readonly formerExpiresAt: Date | null;
  readonly allowedModels: readonly string[] | null;
  readonly allowedAddresses: readonly string[] | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

export type OperatorRecord = Pick<KeyRecord, 'id' | 'secretHash' | 'revokedAt'>;

export interface TeamRecord {
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
}

export interface TenantRecord {
  readonly id: string;
  readonly name: string;
  readonly revision: number;
  readonly document: JsonObject;
  /** As text: to the microsecond, which a Date would lose. */
  readonly changedAt: string;
  readonly teams: readonly TeamRecord[];
  readonly keys: readonly KeyRecord[];
  readonly credentials: readonly StoredCredential[];
  readonly budgets: readonly Budget[];
  readonly rateLimits: readonly RateLimit[];
}

/** Of fixed length, so that moments can be compared as text. */
const CHANGED_AT = `to_char(changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "changedAt"`;

/** How long a revoked key is remembered, so that its bearer is told what happened to it. */
const REMEMBERED = `interval '90 days'`;

/** Reads what the directory holds. */
export class DirectoryReader {
  constructor(private readonly dataSource: DataSource) {}

  /** @param ids undefined: all tenants. Tenants are read first, so that a later change of theirs is seen as one. */
  async tenants(ids?: readonly string[]): Promise<TenantRecord[]> {
    const tenants = await this.rows<Pick<TenantRecord, 'id' | 'name' | 'revision' | 'document' | 'changedAt'>>(
      `SELECT tenant.id, name, revision, document, ${CHANGED_AT}
         FROM tenant JOIN tenant_configuration AS current USING (revision)
        WHERE current.tenant_id = tenant.id AND ($1::uuid[] IS NULL OR tenant.id = ANY($1))`,
      ids,
    );
    const teams = await this.rows<TeamRecord>(
      `SELECT id, tenant_id AS "tenantId", name FROM team WHERE $1::uuid[] IS NULL OR tenant_id = ANY($1)`,
      ids,
    );
    const keys = await this.rows<KeyRecord>(
      `SELECT id, tenant_id AS "tenantId", team_id AS "teamId", role, secret_hash AS "secretHash",
              former_secret_hash AS "formerSecretHash", former_expires_at AS "formerExpiresAt",
              allowed_models AS "allowedModels", allowed_addresses AS "allowedAddresses",
              expires_at AS "expiresAt", revoked_at AS "revokedAt"
         FROM api_key
        WHERE ($1::uuid[] IS NULL OR tenant_id = ANY($1)) AND (revoked_at IS NULL OR revoked_at > now() - ${REMEMBERED})`,
      ids,
    );
    const credentials = await this.rows<StoredCredential>(
      `SELECT ${STORED_CREDENTIAL} FROM provider_credential WHERE $1::uuid[] IS NULL OR tenant_id = ANY($1) ORDER BY id`,
      ids,
    );
    const budgets = await this.rows<BudgetRow>(
      `SELECT ${BUDGET_COLUMNS} FROM budget
        WHERE ($1::uuid[] IS NULL OR tenant_id = ANY($1)) AND deleted_at IS NULL ORDER BY id`,
      ids,
    );
    const rateLimits = await this.rows<RateLimitRow>(
      `SELECT ${RATE_LIMIT_COLUMNS} FROM rate_limit
        WHERE ($1::uuid[] IS NULL OR tenant_id = ANY($1)) AND deleted_at IS NULL ORDER BY id`,
      ids,
    );
    const teamsOf = Map.groupBy(teams, (team) => team.tenantId);
    const keysOf = Map.groupBy(keys, (key) => key.tenantId);
    const credentialsOf = Map.groupBy(credentials, (credential) => credential.tenantId);
    const budgetsOf = Map.groupBy(budgets.map(budgetOf), (budget) => budget.tenantId);
    const rateLimitsOf = Map.groupBy(rateLimits.map(rateLimitOf), (limit) => limit.tenantId);
    return tenants.map((tenant) => ({
      ...tenant,
      teams: teamsOf.get(tenant.id) ?? [],
      keys: keysOf.get(tenant.id) ?? [],
      credentials: credentialsOf.get(tenant.id) ?? [],
      budgets: budgetsOf.get(tenant.id) ?? [],
      rateLimits: rateLimitsOf.get(tenant.id) ?? [],
    }));
  }

  /**
   * Tenants changed since some seconds before the moment given: a change bears the time at which it was made, but shows
   * only when its transaction ends.
   */
  changedSince(moment: string): Promise<Pick<TenantRecord, 'id' | 'changedAt'>[]> {
    return this.dataSource.query(
      `SELECT id, ${CHANGED_AT} FROM tenant WHERE changed_at > $1::timestamptz - interval '30 seconds'`,
      [moment],
    );
  }

  /** Tells all directories, this one too, what was taken up. */
  async tell(heard: readonly Heard[]): Promise<void> {
    await this.dataSource.query(`SELECT pg_notify('${HEARINGS}', payload) FROM unnest($1::text[]) AS payload`, [
      heard.map(writeHeard),
    ]);
  }

  /** When a tenant was changed last, and how many directories listen; undefined where there is no such tenant. */
  async audience(tenantId: string): Promise<{ changedAt: string; directories: number } | undefined> {
    const [row] = await this.dataSource.query<{ changedAt: string; directories: number }[]>(
      `SELECT ${CHANGED_AT}, (SELECT count(*)::int FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = '${LISTENER}') AS directories
         FROM tenant WHERE id = $1`,
      [tenantId],
    );
    return row;
  }

  operators(): Promise<OperatorRecord[]> {
    return this.dataSource.query(
      `SELECT id, secret_hash AS "secretHash", revoked_at AS "revokedAt" FROM operator_key
        WHERE revoked_at IS NULL OR revoked_at > now() - ${REMEMBERED}`,
    );
  }

  private rows<Row>(sql: string, ids: readonly string[] | undefined): Promise<Row[]> {
    return this.dataSource.query(sql, [ids ?? null]);
  }
}
