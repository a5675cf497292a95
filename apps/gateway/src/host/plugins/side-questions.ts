import { InternalError } from '@parsimony/contract';
import type {
  Call,
  CallContext,
  JsonObject,
  Models,
  ModelTarget,
  PicoDollars,
  SideQuestion,
  Usage,
} from '@parsimony/contract';
import { withPurpose } from '@parsimony/metering';
import type { TenantRuntime } from '../../calls/call-runner.js';

/**
 * Capability `models`: a plugin's questions go through the tenant's metered egress, with its credentials, retries, budgets
 * and prices and within the key's models, but past its stack, where they would meet the plugin that asks.
 */
export class SideQuestions implements Models {
  /** @param runtimeOf throws InternalError where the tenant is not served here. */
  constructor(private readonly runtimeOf: (tenantId: string) => TenantRuntime) {}

  async ask(context: CallContext, question: SideQuestion): Promise<JsonObject> {
    const runtime = this.runtimeOf(context.caller.tenantId);
    const call = sideCall(context, question, runtime);
    let body: JsonObject | undefined;
    for await (const event of runtime.egress(call)) if (event.type === 'answer') body = event.body;
    if (!body) throw new InternalError('a provider answered a question of a plugin without an answer');
    return body;
  }

  costOf(context: CallContext, target: ModelTarget, usage: Usage): PicoDollars {
    return this.runtimeOf(context.caller.tenantId).costOf(context, target, usage);
  }
}

/** A copy of the context, so that it carries the account and the key's limits. */
function sideCall(context: CallContext, question: SideQuestion, { models, totalMs }: TenantRuntime): Call {
  const { purpose, operation, model, body, signal } = question;
  const call = {
    ...context,
    operation,
    stream: false,
    requestedModel: model,
    target: models.resolve(model),
    body: { ...body, model },
    received: undefined,
    betas: undefined,
    decisions: [],
    signal,
    // The call itself may be over; how long its caller waits says nothing of this question.
    deadlineAt: Date.now() + totalMs,
  } as unknown as Call;
  return withPurpose(call, purpose);
}
