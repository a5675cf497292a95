import { Field, ID, ObjectType } from '@nestjs/graphql';
import type { JsonObject } from '@parsimony/contract';
import { Requires } from '../access/requires.decorator.js';
import { BudgetEventKindEnum, type BudgetEventKind } from '../enums.js';
import { JsonScalar } from '../scalars/json.scalar.js';

@ObjectType('BudgetEvent', { description: 'Something that happened to a budget.' })
@Requires('budget.read')
export class BudgetEventObject {
  @Field(() => ID)
  id!: string;

  @Field(() => Date)
  at!: Date;

  @Field(() => BudgetEventKindEnum)
  kind!: BudgetEventKind;

  @Field(() => JsonScalar, { description: 'Such as the threshold that was passed, and what was spent then.' })
  detail!: JsonObject;
}
