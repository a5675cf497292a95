import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import type { JsonObject, PicoDollars } from '@parsimony/contract';
import { Requires } from '../access/requires.decorator.js';
import { JsonScalar } from '../scalars/json.scalar.js';
import { MoneyScalar } from '../scalars/money.scalar.js';

@ObjectType('UsageGroup', {
  description:
    'What was used and its cost count with the provider call that they belong to, the other figures with the end of the call and, where groups are models, with the model called last. A call with several tags counts in the group of each.',
})
@Requires('usage.read')
export class UsageGroupObject {
  @Field(() => JsonScalar, { description: 'Dimension to value; a tag is `name=value`; null: there is none.' })
  key!: JsonObject;

  @Field(() => Date, { nullable: true, description: 'Beginning of the interval.' })
  start!: Date | null;

  @Field(() => Int, { description: 'Calls that have ended.' })
  calls!: number;

  @Field(() => Int, { description: 'Calls that ended in an error; who left early is not counted.' })
  failedCalls!: number;

  @Field(() => Float, { description: 'All input tokens, cached ones included.' })
  inputTokens!: number;

  @Field(() => Float)
  cachedInputTokens!: number;

  @Field(() => Float, { description: 'All output tokens, hidden ones included.' })
  outputTokens!: number;

  @Field(() => Float, { description: 'Characters that were spoken, where the model is priced by them.' })
  characters!: number;

  @Field(() => Float, { description: 'Seconds of sound, where the model is priced by them.' })
  seconds!: number;

  @Field(() => Float, { description: "Searches that providers made on the models' behalf." })
  searches!: number;

  @Field(() => MoneyScalar)
  cost!: PicoDollars;

  @Field(() => MoneyScalar)
  saved!: PicoDollars;

  @Field(() => Float, { description: 'Part of the calls that a cache of the gateway answered, 0 to 1.' })
  cacheHitRatio!: number;

  @Field(() => Float)
  latencyP50Ms!: number;

  @Field(() => Float)
  latencyP95Ms!: number;
}
