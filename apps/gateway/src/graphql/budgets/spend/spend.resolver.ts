import { Args, Context, ID, Subscription } from '@nestjs/graphql';
import { Requires } from '../../access/requires.decorator.js';
import { ApiResolver } from '../../errors/api-resolver.decorator.js';
import type { GraphqlContext } from '../../graphql-context.js';
import { SpendNotices } from './spend-notices.js';
import { SpendReader } from './spend-reader.js';
import { SpendStream } from './spend-stream.js';
import { SpendTickObject, type SpendTick } from './spend-tick.type.js';

@ApiResolver()
export class SpendResolver {
  constructor(
    private readonly notices: SpendNotices,
    private readonly reader: SpendReader,
  ) {}

  @Subscription(() => SpendTickObject, {
    description: 'At once, and then whenever something changed, at most once a second.',
    resolve: (tick: SpendTick) => tick,
  })
  @Requires('budget.read')
  spend(
    @Args('tenantId', { type: () => ID }) tenantId: string,
    @Context() context: GraphqlContext,
  ): SpendStream<SpendTick> {
    return new SpendStream(this.notices, () => this.reader.read(tenantId, context));
  }
}
