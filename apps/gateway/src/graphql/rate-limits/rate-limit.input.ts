import { Field, Float, ID, InputType, Int } from '@nestjs/graphql';
import { TagInput } from '../usage/usage-filter.input.js';

@InputType({ description: 'Holds for the calls that meet all of it: with only the tenant, for all of its calls.' })
export class SetRateLimitInput {
  @Field(() => ID)
  tenantId!: string;

  @Field(() => ID, { nullable: true })
  teamId?: string | null;

  @Field(() => ID, { nullable: true })
  apiKeyId?: string | null;

  @Field(() => TagInput, { nullable: true })
  tag?: TagInput | null;

  @Field(() => Int, { nullable: true, description: 'In each minute of the clock. Left out: not limited.' })
  requestsPerMinute?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Input and output together, a whole number, in each minute of the clock. Left out: not limited.',
  })
  tokensPerMinute?: number | null;

  @Field(() => Int, { nullable: true, description: 'Calls at once. Left out: not limited.' })
  concurrentCalls?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Refuses with `revision_conflict` where the limit is another by now; 0: where there is one at all.',
  })
  expectedRevision?: number | null;
}
