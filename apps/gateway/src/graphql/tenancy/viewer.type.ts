import { Field, ID, ObjectType } from '@nestjs/graphql';
import type { Role } from '@parsimony/tenancy';
import { Requires } from '../access/requires.decorator.js';
import { RoleEnum } from '../enums.js';

@ObjectType('Viewer', { description: 'The key, or the person, that asks.' })
@Requires('authenticated')
export class ViewerObject {
  @Field(() => ID, { description: 'Of a person: made of the issuer and the subject, always the same.' })
  keyId!: string;

  @Field(() => RoleEnum)
  role!: Role;

  @Field(() => String, { nullable: true, description: "The person's subject at its issuer; null for a key." })
  subject!: string | null;
}
