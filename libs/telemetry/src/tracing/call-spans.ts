import { SpanStatusCode, type Attributes, type Span } from '@opentelemetry/api';
import { ATTR_ERROR_TYPE, ATTR_SERVER_ADDRESS, ATTR_SERVER_PORT } from '@opentelemetry/semantic-conventions';
import { formatUsd, type Call, type PicoDollars } from '@parsimony/contract';
import type { FinishedCall } from '../prometheus/call-metrics.js';
import { errorTypeOf, type FinishedAttempt } from '../genai/finished-attempt.js';
import type { ServerAddress } from '../genai/genai-metrics.js';
import { GEN_AI, genAiOperation, genAiProvider, PARSIMONY } from '../genai/names.js';
import { inputTokens, outputTokens } from '../genai/token-totals.js';

/** A call that is over, with what traces say of it besides. */
export interface TracedCall extends FinishedCall {
  readonly call: Call;
  readonly errorCode: string | null;
  readonly saved: PicoDollars;
}

/** No attribute holds a prompt, an answer, a header or a tag: tags are the callers' own free text. */
export function attemptAttributes(attempt: FinishedAttempt, server: ServerAddress | undefined): Attributes {
  const { call, target, outcome, firstEventMs } = attempt;
  const errorType = errorTypeOf(attempt);
  return {
    [GEN_AI.operation]: genAiOperation(call.operation),
    [GEN_AI.provider]: genAiProvider(target.provider),
    [GEN_AI.requestModel]: target.model,
    ...(call.stream && { [GEN_AI.requestStream]: true }),
    ...(call.stream && firstEventMs !== null && { [GEN_AI.timeToFirstChunk]: firstEventMs / 1000 }),
    [GEN_AI.inputTokens]: inputTokens(outcome.usage),
    [GEN_AI.outputTokens]: outputTokens(outcome.usage),
    [GEN_AI.cacheReadTokens]: outcome.usage.cachedInput,
    [GEN_AI.cacheCreationTokens]: outcome.usage.cacheWrite + outcome.usage.cacheWriteLong,
    [GEN_AI.reasoningTokens]: outcome.usage.reasoning,
    [PARSIMONY.callId]: call.id,
    [PARSIMONY.tenantId]: call.caller.tenantId,
    [PARSIMONY.status]: outcome.status,
    [PARSIMONY.settlement]: outcome.settlement,
    [PARSIMONY.costUsd]: inUsd(outcome.cost),
    [PARSIMONY.attempt]: attempt.rung,
    [PARSIMONY.purpose]: attempt.purpose,
    ...(server && { [ATTR_SERVER_ADDRESS]: server.address, [ATTR_SERVER_PORT]: server.port }),
    ...(errorType !== undefined && { [ATTR_ERROR_TYPE]: errorType }),
  };
}

/** Completes the span of a whole call. Its name has the model that answered: callers make up the one that they ask for. */
export function describeCall(span: Span, finished: TracedCall): void {
  const { call, target, status, cache, errorCode } = finished;
  const operation = genAiOperation(call.operation);
  span.updateName(target ? `${operation} ${target.model}` : operation);
  span.setAttributes({
    [GEN_AI.operation]: operation,
    ...(target && { [GEN_AI.provider]: genAiProvider(target.provider), [GEN_AI.requestModel]: target.model }),
    [GEN_AI.inputTokens]: inputTokens(finished.usage),
    [GEN_AI.outputTokens]: outputTokens(finished.usage),
    [PARSIMONY.callId]: call.id,
    [PARSIMONY.tenantId]: call.caller.tenantId,
    ...(call.caller.teamId !== null && { [PARSIMONY.teamId]: call.caller.teamId }),
    [PARSIMONY.requestedModel]: call.requestedModel,
    [PARSIMONY.status]: status,
    [PARSIMONY.cache]: cache ?? 'none',
    [PARSIMONY.costUsd]: inUsd(finished.cost),
    [PARSIMONY.savedUsd]: inUsd(finished.saved),
    ...(errorCode !== null && { [ATTR_ERROR_TYPE]: errorCode }),
  });
  // What the caller did wrong, or left, is no error of a server (HTTP semantic conventions, span status).
  if (status === 'failed') span.setStatus({ code: SpanStatusCode.ERROR });
}

/** A float, for reading only; the ledger has it exactly. */
function inUsd(amount: PicoDollars): number {
  return Number(formatUsd(amount));
}
