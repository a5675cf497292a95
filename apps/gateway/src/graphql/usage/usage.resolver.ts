import { Args, Context, Query } from '@nestjs/graphql';
import type { Principal } from '@parsimony/tenancy';
import { demand } from '../access/demand.js';
import { Requires } from '../access/requires.decorator.js';
import { IntervalEnum, UsageDimensionEnum, type Interval, type UsageDimension } from '../enums.js';
import { ApiResolver } from '../errors/api-resolver.decorator.js';
import { perReportRow } from '../limits/complexity.js';
import { parseLedgerFilter } from './ledger-filter.js';
import { parseDimensions } from './usage-dimensions.js';
import { UsageFilter } from './usage-filter.input.js';
import { UsageGroupObject } from './usage-group.type.js';
import { UsageReportQuery } from './usage-report.query.js';

@ApiResolver()
export class UsageResolver {
  constructor(private readonly report: UsageReportQuery) {}

  @Query(() => [UsageGroupObject], { complexity: perReportRow, description: 'Ascending by interval, then by key.' })
  @Requires('usage.read')
  usage(
    @Args('filter') filter: UsageFilter,
    @Args('groupBy', { type: () => [UsageDimensionEnum], defaultValue: [] }) groupBy: UsageDimension[],
    @Args('interval', { type: () => IntervalEnum, nullable: true }) interval: Interval | null | undefined,
    @Context('principal') principal: Principal,
  ): Promise<UsageGroupObject[]> {
    const { tenantId, teamId = null, apiKeyId: keyId = null } = filter;
    demand(principal, 'usage.read', { tenantId, teamId, keyId });
    return this.report.groups(parseLedgerFilter(filter), parseDimensions(groupBy), interval ?? null, principal);
  }
}
