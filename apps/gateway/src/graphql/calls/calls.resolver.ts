import { Args, Context, ID, Int, Query } from '@nestjs/graphql';
import { can, type Principal } from '@parsimony/tenancy';
import { demand } from '../access/demand.js';
import { Requires } from '../access/requires.decorator.js';
import { connectionOf, type Connection } from '../connections/connection.js';
import { ApiResolver } from '../errors/api-resolver.decorator.js';
import { perItemOfPage } from '../limits/complexity.js';
import { parseLedgerFilter } from '../usage/ledger-filter.js';
import { UsageFilter } from '../usage/usage-filter.input.js';
import { callCursor } from './call-cursor.js';
import { CallRecordConnectionObject, CallRecordObject } from './call-record.type.js';
import { CallRecordsQuery } from './call-records.query.js';

@ApiResolver()
export class CallsResolver {
  constructor(private readonly records: CallRecordsQuery) {}

  @Query(() => CallRecordObject, { nullable: true, description: 'Null where the key may not see it.' })
  @Requires('call.read')
  async call(
    @Args('id', { type: () => ID }) id: string,
    @Context('principal') principal: Principal,
  ): Promise<CallRecordObject | null> {
    const record = await this.records.find(id, principal);
    if (!record) return null;
    const { tenantId, teamId, apiKeyId: keyId } = record;
    return can(principal, 'call.read', { tenantId, teamId, keyId }) ? record : null;
  }

  @Query(() => CallRecordConnectionObject, { complexity: perItemOfPage, description: 'Newest first.' })
  @Requires('call.read')
  async calls(
    @Args('filter') filter: UsageFilter,
    @Args('first', { type: () => Int, nullable: true, defaultValue: 50 }) first: number | null,
    @Args('after', { type: () => String, nullable: true }) after: string | null | undefined,
    @Context('principal') principal: Principal,
  ): Promise<Connection<CallRecordObject>> {
    const { tenantId, teamId = null, apiKeyId: keyId = null } = filter;
    demand(principal, 'call.read', { tenantId, teamId, keyId });
    const meant = parseLedgerFilter(filter);
    const { records, hasNextPage } = await this.records.page(meant, first ?? 50, after ?? null, principal);
    return connectionOf(records, { cursorOf: callCursor, hasNextPage, after });
  }
}
