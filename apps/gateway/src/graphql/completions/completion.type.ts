import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import type { CacheOutcome, JsonObject, PicoDollars, Tier } from '@parsimony/contract';
import { Requires } from '../access/requires.decorator.js';
import { CacheOutcomeEnum, TierEnum } from '../enums.js';
import { JsonScalar } from '../scalars/json.scalar.js';
import { MoneyScalar } from '../scalars/money.scalar.js';

@ObjectType('Completion')
@Requires('call.complete')
export class CompletionObject {
  @Field(() => ID, { description: 'The id of the call, for `call(id)`.' })
  id!: string;

  @Field(() => String, { description: 'Of the first choice.' })
  text!: string;

  @Field(() => String)
  finishReason!: string;

  @Field(() => String, { description: '`provider/model` that answered.' })
  model!: string;

  @Field(() => TierEnum, { nullable: true })
  tier!: Tier | null;

  @Field(() => CacheOutcomeEnum)
  cache!: CacheOutcome;

  @Field(() => Int, { description: 'All input tokens, cached ones included.' })
  inputTokens!: number;

  @Field(() => Int, { description: 'All output tokens, hidden ones included.' })
  outputTokens!: number;

  @Field(() => MoneyScalar)
  cost!: PicoDollars;

  @Field(() => MoneyScalar)
  saved!: PicoDollars;

  @Field(() => Float)
  latencyMs!: number;

  @Field(() => JsonScalar, { description: "OpenAI's chat completion object." })
  raw!: JsonObject;
}

@ObjectType('CompletionDelta', { description: 'Part of an answer; the last one has the whole `completion`.' })
@Requires('call.complete')
export class CompletionDeltaObject {
  @Field(() => ID, { description: 'The id of the call.' })
  id!: string;

  @Field(() => String, { description: 'What this part adds to the text of the first choice.' })
  text!: string;

  @Field(() => String, { nullable: true })
  finishReason!: string | null;

  @Field(() => [JsonScalar], { description: "OpenAI's chunks, with tool calls and further choices." })
  raw!: readonly JsonObject[];

  @Field(() => CompletionObject, { nullable: true, description: 'In the last part only.' })
  completion!: CompletionObject | null;
}
