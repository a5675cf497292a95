import { Field, Int, ObjectType } from '@nestjs/graphql';
import { Requires } from '../access/requires.decorator.js';
import { perListItem } from '../limits/complexity.js';

@ObjectType('PurgedCache')
@Requires('cache.purge')
export class PurgedCacheObject {
  @Field(() => String)
  plugin!: string;

  @Field(() => Int)
  purged!: number;
}

@ObjectType('PurgeReport', { description: 'How many entries are no more, at any gateway.' })
@Requires('cache.purge')
export class PurgeReportObject {
  @Field(() => Int)
  purged!: number;

  @Field(() => [PurgedCacheObject], { complexity: perListItem, description: 'By the plugin that had kept them.' })
  caches!: readonly PurgedCacheObject[];
}
