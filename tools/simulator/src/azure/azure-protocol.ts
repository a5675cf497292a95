import { bearerKey, headerKey } from '../bearer-key.js';
import { OPENAI_PROTOCOL } from '../openai/openai-protocol.js';
import type { Protocol } from '../protocol.js';
import { accessDenied, AzureError } from './azure-error.js';

/** Azure OpenAI: a key in `api-key`, or an Entra token as bearer; errors of the service itself have a code and a message. */
export const AZURE_PROTOCOL: Protocol = {
  ...OPENAI_PROTOCOL,
  keyOf(request) {
    const key = headerKey(request, 'api-key') ?? bearerKey(request);
    if (key === null) throw accessDenied();
    return key;
  },
  rateLimited: (_model, retryAfterSeconds) =>
    new AzureError(
      429,
      '429',
      `Requests have exceeded the call rate limit of your current AIServices pricing tier. Please retry after ${retryAfterSeconds} seconds.`,
      { 'retry-after': String(retryAfterSeconds), 'retry-after-ms': String(retryAfterSeconds * 1000) },
    ),
  toErrorAnswer(error, request) {
    if (!(error instanceof AzureError)) return OPENAI_PROTOCOL.toErrorAnswer(error, request);
    const { status, headers, code, message } = error;
    return { status, headers, body: { error: { code, message } } };
  },
};
