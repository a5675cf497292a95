import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import type { CacheOutcome, JsonObject, PicoDollars } from '@parsimony/contract';
import { Requires } from '../access/requires.decorator.js';
import { connectionTypes } from '../connections/connection-types.js';
import { CacheOutcomeEnum } from '../enums.js';
import { perListItem } from '../limits/complexity.js';
import { JsonScalar } from '../scalars/json.scalar.js';
import { MoneyScalar } from '../scalars/money.scalar.js';

@ObjectType('CallRung', { description: 'One provider call.' })
@Requires('call.read')
export class CallRungObject {
  @Field(() => String)
  provider!: string;

  @Field(() => String)
  model!: string;

  @Field(() => String, {
    description:
      'What the provider was called for: `answer`, `retry`, `fallback`; for a plugin itself: `embedding`, `judge`.',
  })
  purpose!: string;

  @Field(() => MoneyScalar)
  cost!: PicoDollars;

  @Field(() => String, { description: '`ok`, `failed` or `cancelled`.' })
  status!: string;

  @Field(() => JsonScalar, { description: 'By disjoint bucket: tokens, and `characters`, `seconds` and `searches`.' })
  usage!: JsonObject;

  @Field(() => Float)
  latencyMs!: number;
}

@ObjectType('Decision', { description: 'Something that a plugin decided about a call.' })
@Requires('call.read')
export class DecisionObject {
  @Field(() => String)
  plugin!: string;

  @Field(() => String)
  summary!: string;

  @Field(() => JsonScalar)
  detail!: JsonObject;
}

@ObjectType('CallRecord', { description: "One call's ledger rows, rung by rung." })
@Requires('call.read')
export class CallRecordObject {
  @Field(() => ID)
  id!: string;

  @Field(() => Date, { description: 'Arrival.' })
  at!: Date;

  @Field(() => String, {
    description:
      'Such as `chat.completions`; `cache`: a cache was asked by name, which usage does not count as a call.',
  })
  operation!: string;

  @Field(() => String, {
    description: '`ok`, `failed`, `refused`, `cancelled`; `interrupted`: its end is not in the ledger (yet).',
  })
  status!: string;

  @Field(() => String, { nullable: true })
  errorCode!: string | null;

  @Field(() => ID)
  tenantId!: string;

  @Field(() => ID, { nullable: true })
  teamId!: string | null;

  @Field(() => ID, { nullable: true })
  apiKeyId!: string | null;

  @Field(() => String, { nullable: true, description: 'The model, tier or `auto` as the caller named it.' })
  requestedModel!: string | null;

  @Field(() => String, {
    nullable: true,
    description: '`provider/model` that was called last for the answer, or that gave a cached answer once.',
  })
  model!: string | null;

  @Field(() => CacheOutcomeEnum)
  cache!: CacheOutcome;

  @Field(() => MoneyScalar)
  cost!: PicoDollars;

  @Field(() => MoneyScalar)
  saved!: PicoDollars;

  @Field(() => String, {
    description: '`EXACT`, `AT_LEAST` or `UNCONFIRMED`: how sure the cost is, by its least sure rung.',
  })
  settlement!: string;

  @Field(() => Int, { description: 'All input tokens, cached ones included.' })
  inputTokens!: number;

  @Field(() => Int)
  cachedInputTokens!: number;

  @Field(() => Int, { description: 'All output tokens, hidden ones included.' })
  outputTokens!: number;

  @Field(() => Int, { description: 'Characters that were spoken, where the model is priced by them.' })
  characters!: number;

  @Field(() => Int, { description: 'Seconds of sound, where the model is priced by them.' })
  seconds!: number;

  @Field(() => Int, { description: "Searches that the provider made on the model's behalf." })
  searches!: number;

  @Field(() => Float)
  latencyMs!: number;

  @Field(() => [CallRungObject], { complexity: perListItem })
  rungs!: readonly CallRungObject[];

  @Field(() => [DecisionObject], { complexity: perListItem })
  decisions!: readonly DecisionObject[];
}

export const CallRecordConnectionObject = connectionTypes(CallRecordObject, 'CallRecord', 'call.read');
