import { Args, Context, Query } from '@nestjs/graphql';
import type { Principal } from '@parsimony/tenancy';
import { demand } from '../access/demand.js';
import { Requires } from '../access/requires.decorator.js';
import { ApiResolver } from '../errors/api-resolver.decorator.js';
import { parseLedgerFilter } from './ledger-filter.js';
import { SavingsQuery } from './savings.query.js';
import { SavingsObject } from './savings.type.js';
import { UsageFilter } from './usage-filter.input.js';

@ApiResolver()
export class SavingsResolver {
  constructor(private readonly query: SavingsQuery) {}

  @Query(() => SavingsObject)
  @Requires('usage.read')
  savings(@Args('filter') filter: UsageFilter, @Context('principal') principal: Principal): Promise<SavingsObject> {
    const { tenantId, teamId = null, apiKeyId: keyId = null } = filter;
    demand(principal, 'usage.read', { tenantId, teamId, keyId });
    return this.query.savings(parseLedgerFilter(filter), principal);
  }
}
