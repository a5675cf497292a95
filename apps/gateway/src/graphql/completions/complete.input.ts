import { Field, Float, ID, InputType, Int } from '@nestjs/graphql';
import type { Json, Tier } from '@parsimony/contract';
import { TierEnum } from '../enums.js';
import { JsonScalar } from '../scalars/json.scalar.js';
import { TagInput } from '../usage/usage-filter.input.js';

@InputType()
export class MessageInput {
  @Field(() => String)
  role!: string;

  @Field(() => JsonScalar, { description: "As OpenAI's chat completions have it: text, or a list of parts." })
  content!: Json;
}

@InputType()
export class CompleteInput {
  @Field(() => ID, { nullable: true, description: 'For operators, who belong to no tenant.' })
  tenantId?: string | null;

  @Field(() => ID, { nullable: true, description: "The key's own team where left out." })
  teamId?: string | null;

  @Field(() => String, { nullable: true, description: 'A model, a tier or `auto`, which is the default.' })
  model?: string | null;

  @Field(() => TierEnum, { nullable: true, description: 'Goes before `model`.' })
  tier?: Tier | null;

  @Field(() => [MessageInput])
  messages!: MessageInput[];

  @Field(() => Int, { nullable: true })
  maxTokens?: number | null;

  @Field(() => Float, { nullable: true })
  temperature?: number | null;

  @Field(() => [TagInput], { nullable: true })
  tags?: TagInput[] | null;

  @Field(() => String, { nullable: true, description: '`no-store` or `refresh`.' })
  cache?: string | null;

  @Field(() => String, { nullable: true, description: 'Not supported yet.' })
  deadline?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The call is made once; repeated within 24 hours with the same input, it gets the same answer.',
  })
  idempotencyKey?: string | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description: "Further parameters of OpenAI's chat completions, such as `tools` or `response_format`.",
  })
  parameters?: Json;
}
