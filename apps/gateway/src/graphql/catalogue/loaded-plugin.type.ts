import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { JsonObject } from '@parsimony/contract';
import { Requires } from '../access/requires.decorator.js';
import { JsonScalar } from '../scalars/json.scalar.js';

@ObjectType('LoadedPlugin', { description: 'A plugin that this gateway has opened.' })
@Requires('catalogue.read')
export class LoadedPluginObject {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  version!: string;

  @Field(() => Int, { description: 'The version of the plugin contract that it is written for.' })
  contract!: number;

  @Field(() => String, { nullable: true, description: 'Where its outermost layer stands; null: it has none.' })
  stage!: string | null;

  @Field(() => [String], { description: 'Where its layers stand, one for each; a plugin may have several.' })
  stages!: readonly string[];

  @Field(() => JsonScalar, { description: 'JSON Schema of its `config` in a tenant document.' })
  configurationSchema!: JsonObject;

  @Field(() => Boolean, {
    description:
      'Whether nothing that it needs is away, and no layer of it broke or overran its time in the last five minutes.',
  })
  healthy!: boolean;

  @Field(() => String, { nullable: true, description: 'Why it is not healthy.' })
  reason!: string | null;
}
