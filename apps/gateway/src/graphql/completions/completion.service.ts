import { Inject, Injectable } from '@nestjs/common';
import { InternalError, InvalidRequest } from '@parsimony/contract';
import type { JsonObject, ReplyEnd } from '@parsimony/contract';
import type { Principal } from '@parsimony/tenancy';
import type { CallRun } from '../../calls/call-run.js';
import { servedTenant } from '../../host/served-tenant.js';
import { checkTags, parseCache } from '../../edge/request-options.js';
import type { GatewayCore } from '../../host/gateway-core.js';
import { GATEWAY_CORE } from '../../host/gateway-core.token.js';
import { toChatBody } from './chat-body.js';
import type { CompleteInput } from './complete.input.js';
import { completeOnce } from './complete-once.js';
import { completionOf } from './completion.js';
import { callerOf } from './completion-caller.js';
import { CompletionStream } from './completion-stream.js';
import type { CompletionObject } from './completion.type.js';

const NEVER = new AbortController().signal;

/** Makes calls through the same tenants' stacks as the OpenAI-compatible edge does. */
@Injectable()
export class CompletionService {
  constructor(@Inject(GATEWAY_CORE) private readonly core: GatewayCore) {}

  /**
   * @param callerGone cancels the call.
   * @throws every error that a call can meet.
   */
  async complete(principal: Principal, input: CompleteInput, callerGone: AbortSignal): Promise<CompletionObject> {
    const { idempotencyKey } = input;
    if (idempotencyKey == null) return this.#complete(principal, input, callerGone);
    const { idempotency, logger, directory } = this.core;
    const { tenantId, keyId } = callerOf(principal, input, directory);
    return completeOnce(
      idempotency,
      { tenantId, keyId },
      { ...input, idempotencyKey },
      // A caller who leaves may come back for the answer, which is paid for.
      () => this.#complete(principal, input, NEVER),
      (error) => logger.error({ error }, 'an answer could not be kept for its idempotency key'),
    );
  }

  async #complete(principal: Principal, input: CompleteInput, callerGone: AbortSignal): Promise<CompletionObject> {
    callerGone.throwIfAborted();
    const run = this.#begin(principal, input, false);
    const cancel = (): void => run.cancel();
    callerGone.addEventListener('abort', cancel);
    try {
      const { body, end } = await wholeReply(run);
      await run.complete();
      return completionOf(run, end.usage, body);
    } catch (error) {
      throw await run.fail(error);
    } finally {
      callerGone.removeEventListener('abort', cancel);
    }
  }

  /** @throws what can be wrong before the call begins; later errors come out of the stream. */
  stream(principal: Principal, input: CompleteInput): CompletionStream {
    if (input.idempotencyKey != null)
      throw new InvalidRequest('`idempotencyKey` is for the mutation: a subscription is not given again', {
        param: 'idempotencyKey',
      });
    return new CompletionStream(this.#begin(principal, input, true));
  }

  #begin(principal: Principal, input: CompleteInput, stream: boolean): CallRun {
    refuseUnsupported(input);
    const { core } = this;
    const caller = callerOf(principal, input, core.directory);
    const runtime = core.runtimes.get(servedTenant(core.directory, caller.tenantId));
    return core.runner.begin(runtime, {
      caller,
      scope: principal.scopes,
      spoken: { operation: 'chat.completions', body: toChatBody(input, stream), stream },
      options: {
        tags: checkTags(input.tags ?? [], 'tags'),
        cache: parseCache(input.cache ?? undefined),
        tier: input.tier ?? null,
        timeoutMs: null,
        traceparent: undefined,
      },
    });
  }
}

/** Better refused than ignored: the caller relies on it. */
function refuseUnsupported(input: CompleteInput): void {
  if (input.deadline != null) throw new InvalidRequest('`deadline` is not supported yet', { param: 'deadline' });
}

async function wholeReply(run: CallRun): Promise<{ readonly body: JsonObject; readonly end: ReplyEnd }> {
  let body: JsonObject | undefined;
  for (;;) {
    const event = await run.next();
    if (event.type === 'answer') body = event.body;
    if (event.type !== 'end') continue;
    if (!body) throw new InternalError('the reply has no answer');
    return { body, end: event };
  }
}
