import type { JsonObject } from '@parsimony/contract';
import type { DataSource } from 'typeorm';
import type { Actor } from './actor.js';
import { AuditService } from './audit/audit.service.js';
import { ConfigurationService } from './configuration.service.js';
import type { CredentialRules } from './credentials/credential-rules.js';
import { CredentialService } from './credentials/credential.service.js';
import { defaultDocumentFor } from './document/default-document.js';
import type { DocumentRules } from './document/parse-tenant-document.js';
import { ApiKeyService } from './keys/api-key.service.js';
import { BudgetService } from './limits/budget.service.js';
import { CreditService } from './limits/credit.service.js';
import { RateLimitService } from './limits/rate-limit.service.js';
import { TeamService } from './team.service.js';
import { TenantService } from './tenant.service.js';

export interface TenancyOptions {
  readonly dataSource: DataSource;
  readonly rules: DocumentRules;
  readonly credentialRules: CredentialRules;
  /** Of a tenant that is made without one. */
  readonly defaultDocument?: JsonObject;
}

/** Administration as one actor may see and do it, behind its tenant's walls; what it may is for `can` to say. */
export interface TenancyServices {
  readonly actor: Actor;
  readonly tenants: TenantService;
  readonly teams: TeamService;
  readonly keys: ApiKeyService;
  readonly configurations: ConfigurationService;
  readonly credentials: CredentialService;
  readonly budgets: BudgetService;
  readonly credits: CreditService;
  readonly rateLimits: RateLimitService;
  readonly audit: AuditService;
}

/** The services of an actor, all within the same walls. They hold nothing: make them for each request. */
export function tenancyOf(actor: Actor, options: TenancyOptions): TenancyServices {
  const { dataSource, rules, credentialRules, defaultDocument = defaultDocumentFor(rules.plugins) } = options;
  return {
    actor,
    tenants: new TenantService(dataSource, rules, defaultDocument, actor),
    teams: new TeamService(dataSource, actor),
    keys: new ApiKeyService(dataSource, actor),
    configurations: new ConfigurationService(dataSource, rules, actor),
    credentials: new CredentialService(dataSource, credentialRules, actor),
    budgets: new BudgetService(dataSource, actor),
    credits: new CreditService(dataSource, actor),
    rateLimits: new RateLimitService(dataSource, actor),
    audit: new AuditService(dataSource, actor),
  };
}
