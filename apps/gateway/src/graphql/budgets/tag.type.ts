import { Field, ObjectType } from '@nestjs/graphql';
import { Requires } from '../access/requires.decorator.js';

@ObjectType('Tag')
@Requires('authenticated')
export class TagObject {
  @Field(() => String)
  key!: string;

  @Field(() => String)
  value!: string;
}
