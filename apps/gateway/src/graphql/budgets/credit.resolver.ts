import { Args, Context, ID, Mutation } from '@nestjs/graphql';
import type { Credit, TenancyServices } from '@parsimony/tenancy';
import { Requires } from '../access/requires.decorator.js';
import { ApiResolver } from '../errors/api-resolver.decorator.js';
import type { RequestLoaders } from '../loaders/request-loaders.js';
import { GrantCreditInput } from './credit.input.js';
import { CreditObject } from './credit.type.js';

/** For those who administer a whole tenant: what is behind other tenants' walls they do not find. */
@ApiResolver()
export class CreditResolver {
  @Mutation(() => CreditObject, { description: 'Lets a budget go beyond its limit, once, until a date.' })
  @Requires('credit.grant')
  async grantCredit(
    @Args('input') input: GrantCreditInput,
    @Context('tenancy') { credits }: TenancyServices,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<Credit> {
    const credit = await credits.grant(input);
    loaders.forget();
    return credit;
  }

  @Mutation(() => CreditObject, {
    description: 'What it has paid for stays paid. Doing it again, or after it has expired, changes nothing.',
  })
  @Requires('credit.grant')
  async revokeCredit(
    @Args('id', { type: () => ID }) id: string,
    @Context('tenancy') { credits }: TenancyServices,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<Credit> {
    const credit = await credits.revoke(id);
    loaders.forget();
    return credit;
  }
}
