import { Args, Context, Mutation, Subscription } from '@nestjs/graphql';
import type { Principal } from '@parsimony/tenancy';
import { Requires } from '../access/requires.decorator.js';
import { ApiResolver } from '../errors/api-resolver.decorator.js';
import { CompleteInput } from './complete.input.js';
import { CompletionService } from './completion.service.js';
import type { CompletionStream } from './completion-stream.js';
import { CompletionDeltaObject, CompletionObject } from './completion.type.js';

@ApiResolver()
export class CompletionResolver {
  constructor(private readonly completions: CompletionService) {}

  @Mutation(() => CompletionObject, { description: "A call through the tenant's stack; who leaves cancels it." })
  @Requires('call.complete')
  complete(
    @Args('input') input: CompleteInput,
    @Context('principal') principal: Principal,
    @Context('callerGone') callerGone: AbortSignal,
  ): Promise<CompletionObject> {
    return this.completions.complete(principal, input, callerGone);
  }

  @Subscription(() => CompletionDeltaObject, {
    description: 'The same, part by part. It ends with the part that has the whole completion.',
    resolve: (part: CompletionDeltaObject) => part,
  })
  @Requires('call.complete')
  completeStream(@Args('input') input: CompleteInput, @Context('principal') principal: Principal): CompletionStream {
    return this.completions.stream(principal, input);
  }
}
