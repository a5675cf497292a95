import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { JsonObject } from '@parsimony/contract';
import { Requires } from '../access/requires.decorator.js';
import { JsonScalar } from '../scalars/json.scalar.js';

@ObjectType('TenantConfiguration')
@Requires('configuration.read')
export class TenantConfigurationObject {
  @Field(() => Int)
  revision!: number;

  @Field(() => JsonScalar)
  document!: JsonObject;

  @Field(() => Date)
  updatedAt!: Date;

  @Field(() => String, { description: 'The id of the key, or the subject of the person, that wrote this revision.' })
  updatedBy!: string;
}
