import { Field, ID, ObjectType } from '@nestjs/graphql';
import type { PicoDollars } from '@parsimony/contract';
import type { Budget } from '@parsimony/tenancy';
import { Requires } from '../../access/requires.decorator.js';
import { MoneyScalar } from '../../scalars/money.scalar.js';
import { BudgetObject } from '../budget.type.js';

/** What a tenant spends, as one caller may see it at one moment. */
export interface SpendTick {
  readonly at: Date;
  readonly tenantId: string;
  readonly spentToday: PicoDollars;
  readonly budgets: readonly Budget[];
}

@ObjectType('SpendTick', {
  description: 'What is spent, as far as the key may see it: a member sees what its team does.',
})
@Requires('budget.read')
export class SpendTickObject implements Record<keyof SpendTick, unknown> {
  @Field(() => Date)
  at!: Date;

  @Field(() => ID)
  tenantId!: string;

  @Field(() => MoneyScalar, { description: 'Since midnight UTC, from the ledger.' })
  spentToday!: PicoDollars;

  @Field(() => [BudgetObject])
  budgets!: readonly BudgetObject[];
}
