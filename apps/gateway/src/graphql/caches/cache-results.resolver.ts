import { Inject } from '@nestjs/common';
import { Args, Context, Mutation } from '@nestjs/graphql';
import type { Principal } from '@parsimony/tenancy';
import { NamedResult } from '../../edge/cache/named-results.js';
import { checkQuestion, checkResult } from '../../edge/cache/result-fields.js';
import { servedTenant } from '../../host/served-tenant.js';
import { checkTags, parseCache } from '../../edge/request-options.js';
import type { GatewayCore } from '../../host/gateway-core.js';
import { GATEWAY_CORE } from '../../host/gateway-core.token.js';
import { Requires } from '../access/requires.decorator.js';
import { callerOf } from '../completions/completion-caller.js';
import { ApiResolver } from '../errors/api-resolver.decorator.js';
import { CacheKeepInput, CacheLookUpInput } from './cache-results.inputs.js';
import { CacheLookUpObject, KeptResultObject } from './cache-results.type.js';

/** Intermediate results of applications, as `/v1/cache/{namespace}` has them. */
@ApiResolver()
export class CacheResultsResolver {
  constructor(@Inject(GATEWAY_CORE) private readonly core: GatewayCore) {}

  @Mutation(() => CacheLookUpObject, {
    description: 'Asks the cache by name. A mutation, since a look-up is counted, booked and learnt from.',
  })
  @Requires('call.complete')
  cacheLookUp(
    @Args('input') input: CacheLookUpInput,
    @Context('principal') principal: Principal,
    @Context('callerGone') callerGone: AbortSignal,
  ): Promise<CacheLookUpObject> {
    const question = checkQuestion(input);
    return this.#ask(principal, input, callerGone, async (result) => {
      const found = await result.lookUp(question);
      return { ...found, id: result.id, hit: found.outcome !== 'miss' };
    });
  }

  @Mutation(() => KeptResultObject, { description: 'Keeps a result under its question, in place of the former one.' })
  @Requires('call.complete')
  cacheKeep(
    @Args('input') input: CacheKeepInput,
    @Context('principal') principal: Principal,
    @Context('callerGone') callerGone: AbortSignal,
  ): Promise<KeptResultObject> {
    const kept = checkResult(input, { ttlSeconds: 'ttlSeconds', cost: 'cost' });
    return this.#ask(principal, input, callerGone, (result) => result.keep(kept));
  }

  async #ask<Answer>(
    principal: Principal,
    input: CacheLookUpInput | CacheKeepInput,
    callerGone: AbortSignal,
    answer: (result: NamedResult) => Promise<Answer>,
  ): Promise<Answer> {
    const { core } = this;
    const caller = callerOf(principal, input, core.directory);
    const cache = 'cache' in input ? parseCache(input.cache ?? undefined) : 'default';
    callerGone.throwIfAborted();
    const result = NamedResult.begin(core.runner, {
      runtime: core.runtimes.get(servedTenant(core.directory, caller.tenantId)),
      caller,
      scope: principal.scopes,
      options: {
        tags: checkTags(input.tags ?? [], 'tags'),
        cache,
        tier: null,
        timeoutMs: null,
        traceparent: undefined,
      },
    });
    const cancel = (): void => result.cancel();
    callerGone.addEventListener('abort', cancel, { once: true });
    try {
      return await answer(result);
    } catch (error) {
      throw await result.fail(error);
    } finally {
      callerGone.removeEventListener('abort', cancel);
    }
  }
}
