import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { PicoDollars, Tier, UsageBucket } from '@parsimony/contract';
import type { PriceOrigin } from '@parsimony/pricing';
import { Requires } from '../access/requires.decorator.js';
import { TierEnum } from '../enums.js';
import { MoneyScalar } from '../scalars/money.scalar.js';

const PER_MILLION = { description: 'USD per million tokens.' };

@ObjectType('TokenPrices', {
  description: 'Prices that hold for a whole call once its input is longer than `aboveInputTokens`.',
})
@Requires('catalogue.read')
export class TokenPricesObject implements Record<UsageBucket, PicoDollars> {
  @Field(() => Int)
  aboveInputTokens!: number;

  @Field(() => MoneyScalar, PER_MILLION)
  input!: PicoDollars;

  @Field(() => MoneyScalar, PER_MILLION)
  cachedInput!: PicoDollars;

  @Field(() => MoneyScalar, PER_MILLION)
  cacheWrite!: PicoDollars;

  @Field(() => MoneyScalar, { description: 'USD per million tokens that are kept for an hour.' })
  cacheWriteLong!: PicoDollars;

  @Field(() => MoneyScalar, PER_MILLION)
  inputAudio!: PicoDollars;

  @Field(() => MoneyScalar, PER_MILLION)
  output!: PicoDollars;

  @Field(() => MoneyScalar, PER_MILLION)
  reasoning!: PicoDollars;

  @Field(() => MoneyScalar, PER_MILLION)
  outputAudio!: PicoDollars;

  @Field(() => MoneyScalar, { description: 'USD per million characters that are spoken.' })
  characters!: PicoDollars;

  @Field(() => MoneyScalar, { description: 'USD per second of sound.' })
  seconds!: PicoDollars;

  @Field(() => MoneyScalar, { description: 'USD per search.' })
  searches!: PicoDollars;
}

@ObjectType('Model', { description: 'A model and what it costs now, as the tenant that asks sees it.' })
@Requires('catalogue.read')
export class ModelObject {
  @Field(() => ID, { description: '`provider/model`, as calls name it.' })
  id!: string;

  @Field(() => String)
  provider!: string;

  @Field(() => String)
  name!: string;

  @Field(() => TierEnum, { nullable: true, description: "By the tenant's document." })
  tier!: Tier | null;

  @Field(() => Int, { nullable: true, description: 'Tokens, where it is known.' })
  contextWindow!: number | null;

  @Field(() => [TokenPricesObject], { description: 'Ascending by `aboveInputTokens`; the first holds from 0.' })
  prices!: readonly TokenPricesObject[];

  @Field(() => MoneyScalar, { description: 'A fee for each call, beside its tokens.' })
  perCall!: PicoDollars;

  @Field(() => String, {
    description:
      '`catalogue`, `tenant` (its own document), or `ceiling`: nobody knows the price, the dearest is taken.',
  })
  source!: PriceOrigin;

  @Field(() => String, { description: 'Date of the price data, ISO 8601.' })
  updated!: string;
}
