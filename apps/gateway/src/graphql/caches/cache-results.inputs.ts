import { Field, ID, InputType, Int } from '@nestjs/graphql';
import type { Json, PicoDollars } from '@parsimony/contract';
import { JsonScalar } from '../scalars/json.scalar.js';
import { MoneyScalar } from '../scalars/money.scalar.js';
import { TagInput } from '../usage/usage-filter.input.js';

@InputType()
export class CacheLookUpInput {
  @Field(() => ID, { nullable: true, description: 'For operators, who belong to no tenant.' })
  tenantId?: string | null;

  @Field(() => ID, { nullable: true, description: "The key's own team where left out." })
  teamId?: string | null;

  @Field(() => String, { description: 'Lower-case letters, digits, `.`, `_` and `-`, 64 at most.' })
  namespace!: string;

  @Field(() => String, { description: 'What is asked, as a person would.' })
  input!: string;

  @Field(() => String, { nullable: true, description: '`no-store` or `refresh`.' })
  cache?: string | null;

  @Field(() => [TagInput], { nullable: true })
  tags?: TagInput[] | null;
}

@InputType()
export class CacheKeepInput {
  @Field(() => ID, { nullable: true, description: 'For operators, who belong to no tenant.' })
  tenantId?: string | null;

  @Field(() => ID, { nullable: true, description: "The key's own team where left out." })
  teamId?: string | null;

  @Field(() => String, { description: 'Lower-case letters, digits, `.`, `_` and `-`, 64 at most.' })
  namespace!: string;

  @Field(() => String)
  input!: string;

  @Field(() => JsonScalar, { nullable: true })
  value!: Json;

  @Field(() => String, { nullable: true, description: 'From the look-up that missed, so that the cache learns by it.' })
  ticket?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: "How long it holds; else as long as the tenant's cache keeps things.",
  })
  ttlSeconds?: number | null;

  @Field(() => MoneyScalar, { nullable: true, description: 'What it has cost to make, which every hit saves.' })
  cost?: PicoDollars | null;

  @Field(() => [TagInput], { nullable: true })
  tags?: TagInput[] | null;
}
