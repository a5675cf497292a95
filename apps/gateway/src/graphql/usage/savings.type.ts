import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { PicoDollars } from '@parsimony/contract';
import { Requires } from '../access/requires.decorator.js';
import { perListItem } from '../limits/complexity.js';
import { MoneyScalar } from '../scalars/money.scalar.js';

@ObjectType('SavingCause')
@Requires('usage.read')
export class SavingCauseObject {
  @Field(() => String, { description: 'Who saved it; `other`: it was not said.' })
  plugin!: string;

  @Field(() => String, {
    description:
      'As the plugin names it; those of caches are `exact`, `semantic`, `intermediate` (asked by name, or a class) and `shared` (an equal call was under way). `other`: it was not said.',
  })
  cause!: string;

  @Field(() => MoneyScalar)
  saved!: PicoDollars;

  @Field(() => Int, { description: 'Calls, and look-ups by name, of which it holds.' })
  calls!: number;
}

@ObjectType('Savings', { description: 'What calls would have cost as they were asked, and what they did cost.' })
@Requires('usage.read')
export class SavingsObject {
  @Field(() => MoneyScalar, { description: '`cost` + `saved`.' })
  baseline!: PicoDollars;

  @Field(() => MoneyScalar)
  cost!: PicoDollars;

  @Field(() => MoneyScalar)
  saved!: PicoDollars;

  @Field(() => [SavingCauseObject], {
    complexity: perListItem,
    description: 'They add up to `saved`; the largest first.',
  })
  byCause!: readonly SavingCauseObject[];
}
