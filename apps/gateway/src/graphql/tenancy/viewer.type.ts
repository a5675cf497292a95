import { Field, ID, ObjectType } from '@nestjs/graphql';
import type { Role } from '@parsimony/tenancy';
import { Requires } from '../access/requires.decorator.js';
import { RoleEnum } from '../enums.js';

@ObjectType('Viewer', { description: 'The key that asks.' })
@Requires('authenticated')
export class ViewerObject {
  @Field(() => ID)
  keyId!: string;

  @Field(() => RoleEnum)
  role!: Role;
}
