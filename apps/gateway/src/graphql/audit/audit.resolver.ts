import { Args, Context, ID, Int, Query } from '@nestjs/graphql';
import { cursorOf } from '@parsimony/tenancy';
import type { AuditEvent, Principal, TenancyServices } from '@parsimony/tenancy';
import { demand } from '../access/demand.js';
import { Requires } from '../access/requires.decorator.js';
import { connectionOf, type Connection } from '../connections/connection.js';
import { ApiResolver } from '../errors/api-resolver.decorator.js';
import { perItemOfPage } from '../limits/complexity.js';
import { AuditEventConnectionObject } from './audit-event.type.js';

@ApiResolver()
export class AuditResolver {
  @Query(() => AuditEventConnectionObject, {
    complexity: perItemOfPage,
    description: "Newest first. Without a tenant: the key's own; for an operator all, and the deployment's.",
  })
  @Requires('audit.read')
  async auditEvents(
    @Args('tenantId', { type: () => ID, nullable: true }) wished: string | null | undefined,
    @Args('first', { type: () => Int, nullable: true, defaultValue: 50 }) first: number | null,
    @Args('after', { type: () => String, nullable: true }) after: string | null | undefined,
    @Context('principal') principal: Principal,
    @Context('tenancy') { audit }: TenancyServices,
  ): Promise<Connection<AuditEvent>> {
    const tenantId = wished ?? principal.tenantId;
    demand(principal, 'audit.read', { tenantId });
    const { items, hasNextPage } = await audit.list(tenantId, { first: first ?? 50, after: after ?? null });
    return connectionOf(items, { cursorOf, hasNextPage, after });
  }
}
