import { Field, ID, ObjectType } from '@nestjs/graphql';
import { Requires } from '../access/requires.decorator.js';

@ObjectType('Team')
@Requires('team.read')
export class TeamObject {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;
}
