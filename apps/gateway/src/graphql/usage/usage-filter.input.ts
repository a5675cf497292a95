import { Field, ID, InputType } from '@nestjs/graphql';

@InputType()
export class TagInput {
  @Field(() => String)
  key!: string;

  @Field(() => String)
  value!: string;
}

@InputType({ description: 'Calls that arrived from `from` (included) to `to` (excluded).' })
export class UsageFilter {
  @Field(() => ID)
  tenantId!: string;

  @Field(() => ID, { nullable: true })
  teamId?: string | null;

  @Field(() => ID, { nullable: true })
  apiKeyId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The model that answered, `provider/model` or without provider.',
  })
  model?: string | null;

  @Field(() => [TagInput], { nullable: true, description: 'All of them.' })
  tags?: TagInput[] | null;

  @Field(() => Date)
  from!: Date;

  @Field(() => Date)
  to!: Date;
}
