import { Field, ID, ObjectType } from '@nestjs/graphql';
import type { LeaseStandingOfHolder } from '@parsimony/budgets';
import type { PicoDollars } from '@parsimony/contract';
import { Requires } from '../access/requires.decorator.js';
import { LeaseStateEnum } from '../enums.js';
import { MoneyScalar } from '../scalars/money.scalar.js';

@ObjectType('BudgetLease', { description: 'What one gateway process has borrowed of a budget in its period.' })
@Requires('audit.read')
export class BudgetLeaseObject {
  @Field(() => ID, { description: 'As rows of the ledger bear it.' })
  id!: string;

  @Field(() => ID, { description: 'The process: the instance of its journal.' })
  holder!: string;

  @Field(() => MoneyScalar, {
    description: 'All that it may spend and hold in the period, what it has spent included.',
  })
  granted!: PicoDollars;

  @Field(() => MoneyScalar)
  spent!: PicoDollars;

  @Field(() => MoneyScalar, { description: 'Set aside for calls under way.' })
  reserved!: PicoDollars;

  @Field(() => MoneyScalar, { description: 'Set aside for calls of which nobody knows what they cost.' })
  unconfirmed!: PicoDollars;

  @Field(() => Date)
  expiresAt!: Date;

  @Field(() => LeaseStateEnum)
  state!: LeaseStandingOfHolder['state'];
}
