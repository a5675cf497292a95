import { Field, Float, ID, ObjectType } from '@nestjs/graphql';
import type { CacheOutcome, Json, PicoDollars } from '@parsimony/contract';
import { Requires } from '../access/requires.decorator.js';
import { CacheOutcomeEnum } from '../enums.js';
import { JsonScalar } from '../scalars/json.scalar.js';
import { MoneyScalar } from '../scalars/money.scalar.js';

@ObjectType('CacheLookUp')
@Requires('call.complete')
export class CacheLookUpObject {
  @Field(() => ID, { description: 'The id of its record, for `call(id)`.' })
  id!: string;

  @Field(() => Boolean)
  hit!: boolean;

  @Field(() => CacheOutcomeEnum)
  outcome!: CacheOutcome;

  @Field(() => JsonScalar, { nullable: true, description: 'Of a hit.' })
  value!: Json;

  @Field(() => Float, {
    nullable: true,
    description: 'How near the nearest kept question is: the cosine, -1 to 1; null where none is.',
  })
  similarity!: number | null;

  @Field(() => String, { nullable: true, description: 'Of a miss: give it back with the value that you make now.' })
  ticket!: string | null;

  @Field(() => MoneyScalar, { description: 'What the value of a hit had cost to make.' })
  saved!: PicoDollars;

  @Field(() => MoneyScalar, { description: "What the look-up has cost: the embedder's price, where it has one." })
  cost!: PicoDollars;
}

@ObjectType('KeptResult')
@Requires('call.complete')
export class KeptResultObject {
  @Field(() => ID)
  id!: string;

  @Field(() => MoneyScalar, { description: "What keeping it has cost: the embedder's price, where it has one." })
  cost!: PicoDollars;
}
