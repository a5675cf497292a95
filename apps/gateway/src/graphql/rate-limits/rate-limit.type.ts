import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import type { LimitManager } from '@parsimony/tenancy';
import { Requires } from '../access/requires.decorator.js';
import { TagObject } from '../budgets/tag.type.js';
import { LimitManagerEnum } from '../enums.js';

@ObjectType('RateLimit', { description: 'What may be asked for in each minute of the clock, and at once.' })
@Requires('budget.read')
export class RateLimitObject {
  @Field(() => ID)
  id!: string;

  @Field(() => ID)
  tenantId!: string;

  @Field(() => ID, { nullable: true, description: 'Null: not only of one team.' })
  teamId!: string | null;

  @Field(() => TagObject, { nullable: true, description: 'Null: whatever the tags.' })
  tag!: TagObject | null;

  @Field(() => Int, { nullable: true, description: 'Null: not limited.' })
  requestsPerMinute!: number | null;

  @Field(() => Float, { nullable: true, description: 'Input and output together. Null: not limited.' })
  tokensPerMinute!: number | null;

  @Field(() => Int, { nullable: true, description: 'Null: not limited.' })
  concurrentCalls!: number | null;

  @Field(() => LimitManagerEnum)
  managedBy!: LimitManager;

  @Field(() => Int, { description: 'Counts changes, from 1.' })
  revision!: number;
}
