import { Field, ID, InputType } from '@nestjs/graphql';
import type { PicoDollars } from '@parsimony/contract';
import { MoneyScalar } from '../scalars/money.scalar.js';

@InputType()
export class GrantCreditInput {
  @Field(() => ID)
  budgetId!: string;

  @Field(() => MoneyScalar)
  amount!: PicoDollars;

  @Field(() => Date)
  expiresAt!: Date;

  @Field(() => String, { nullable: true, description: 'What it is for.' })
  note?: string | null;
}
