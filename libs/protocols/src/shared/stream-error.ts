import type { JsonObject } from '@parsimony/contract';
import type { Protocol } from '../translation.js';
import { streamErrorEvent } from './error-body.js';
import { statusOfErrorType } from './messages-error-type.js';
import { describeProviderError } from './provider-error-body.js';

/** What a caller is told where the provider said no more than that it failed. */
const UNDESCRIBED = 'the provider failed in the middle of its answer';

/** An error that a provider sent in its stream, as an event of the caller's protocol. */
export function translateStreamError(protocol: Protocol, event: JsonObject, requestId: string): JsonObject {
  const described = describeProviderError(event);
  const code = described?.code ?? null;
  const type = described?.type ?? null;
  return streamErrorEvent(protocol, {
    status: statusOfErrorType(type, code),
    code,
    type: type === null || type === 'error' ? 'server_error' : type,
    message: described?.message ?? UNDESCRIBED,
    param: described?.param ?? null,
    requestId,
  });
}
