import { Field, ID, ObjectType } from '@nestjs/graphql';
import type { PicoDollars } from '@parsimony/contract';
import type { Credit } from '@parsimony/tenancy';
import { Requires } from '../access/requires.decorator.js';
import { MoneyScalar } from '../scalars/money.scalar.js';

@ObjectType('Credit', { description: "Money on top of a budget's limit, once." })
@Requires('budget.read')
export class CreditObject implements Credit {
  @Field(() => ID)
  id!: string;

  @Field(() => ID)
  tenantId!: string;

  @Field(() => ID)
  budgetId!: string;

  @Field(() => MoneyScalar)
  amount!: PicoDollars;

  @Field(() => MoneyScalar, { description: 'By periods that are over.' })
  consumed!: PicoDollars;

  @Field(() => MoneyScalar, {
    description: 'What periods that are not over yet may use of it; nothing once it has expired or was revoked.',
  })
  remaining!: PicoDollars;

  @Field(() => Date)
  expiresAt!: Date;

  @Field(() => String, { nullable: true })
  note!: string | null;

  @Field(() => Date)
  createdAt!: Date;

  @Field(() => String, { description: 'The id of the key, or the subject of the person, that granted it.' })
  createdBy!: string;

  @Field(() => Date, { nullable: true })
  revokedAt!: Date | null;
}
