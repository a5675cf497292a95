import { Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import type { GatewayCore } from '../host/gateway-core.js';
import { GATEWAY_CORE } from '../host/gateway-core.token.js';
import { AuditResolver } from './audit/audit.resolver.js';
import { BudgetFiguresResolver } from './budgets/budget-figures.resolver.js';
import { BudgetOwnerResolver } from './budgets/budget-owner.resolver.js';
import { BudgetResolver } from './budgets/budget.resolver.js';
import { ApiKeyBudgetsResolver, TeamBudgetsResolver, TenantBudgetsResolver } from './budgets/budgets-of.resolvers.js';
import { CreditResolver } from './budgets/credit.resolver.js';
import { SpendNotices } from './budgets/spend/spend-notices.js';
import { SpendReader } from './budgets/spend/spend-reader.js';
import { SpendResolver } from './budgets/spend/spend.resolver.js';
import { CacheAdministrationResolver } from './caches/cache-administration.resolver.js';
import { CacheResultsResolver } from './caches/cache-results.resolver.js';
import { CallRecordsQuery } from './calls/call-records.query.js';
import { CallsResolver } from './calls/calls.resolver.js';
import { CatalogueResolver } from './catalogue/catalogue.resolver.js';
import { ModelCatalogueQuery } from './catalogue/model-catalogue.query.js';
import { PluginHealth } from './catalogue/plugin-health.js';
import { CompletionResolver } from './completions/completion.resolver.js';
import { CompletionService } from './completions/completion.service.js';
import { CredentialResolver } from './credentials/credential.resolver.js';
import { GraphqlAdmission } from './graphql-admission.js';
import { GraphqlAdmissionModule } from './graphql-admission.module.js';
import { graphqlOptions } from './graphql-options.js';
import { RateLimitResolver } from './rate-limits/rate-limit.resolver.js';
import {
  ApiKeyRateLimitsResolver,
  TeamRateLimitsResolver,
  TenantRateLimitsResolver,
} from './rate-limits/rate-limits-of.resolvers.js';
import { SubscriptionServer } from './subscriptions/subscription-server.js';
import { ApiKeyResolver } from './tenancy/api-key.resolver.js';
import { ConfigurationResolver } from './tenancy/configuration.resolver.js';
import { TeamResolver } from './tenancy/team.resolver.js';
import { TenantResolver } from './tenancy/tenant.resolver.js';
import { ViewerResolver } from './tenancy/viewer.resolver.js';
import { SavingsQuery } from './usage/savings.query.js';
import { SavingsResolver } from './usage/savings.resolver.js';
import { UsageReportQuery } from './usage/usage-report.query.js';
import { UsageResolver } from './usage/usage.resolver.js';

/** The GraphQL API: queries and mutations by Mercurius, subscriptions by graphql-ws, both on `/graphql`. */
@Module({
  imports: [
    GraphqlAdmissionModule,
    GraphQLModule.forRootAsync<MercuriusDriverConfig>({
      driver: MercuriusDriver,
      imports: [GraphqlAdmissionModule],
      inject: [GraphqlAdmission, GATEWAY_CORE],
      useFactory: (admission: GraphqlAdmission, core: GatewayCore) => graphqlOptions(admission, core.logger),
    }),
  ],
  providers: [
    ViewerResolver,
    TenantResolver,
    TeamResolver,
    ApiKeyResolver,
    ConfigurationResolver,
    CredentialResolver,
    AuditResolver,
    CatalogueResolver,
    ModelCatalogueQuery,
    PluginHealth,
    CallsResolver,
    CallRecordsQuery,
    UsageResolver,
    UsageReportQuery,
    SavingsResolver,
    SavingsQuery,
    CacheAdministrationResolver,
    CacheResultsResolver,
    CompletionResolver,
    CompletionService,
    BudgetResolver,
    BudgetFiguresResolver,
    BudgetOwnerResolver,
    TenantBudgetsResolver,
    TeamBudgetsResolver,
    ApiKeyBudgetsResolver,
    CreditResolver,
    RateLimitResolver,
    TenantRateLimitsResolver,
    TeamRateLimitsResolver,
    ApiKeyRateLimitsResolver,
    SpendResolver,
    SpendReader,
    SpendNotices,
    SubscriptionServer,
  ],
})
export class GraphqlApiModule {}
