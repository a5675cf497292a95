import type { ServerResponse } from 'node:http';
import { ProviderError } from '@parsimony/contract';
import type { ParsimonyError } from '@parsimony/contract';

/** Answers with an error, in the OpenAI error shape, or with the provider's own bytes where the error is the provider's. */
export function answerError(response: ServerResponse, error: ParsimonyError, headers: readonly string[] = []): void {
  if (response.headersSent || response.destroyed) return;
  const own = error instanceof ProviderError;
  const body = own ? error.wire : Buffer.from(JSON.stringify(error.toBody()));
  const lines = { 'content-type': 'application/json', ...error.headers };
  response.writeHead(error.status, [
    ...Object.entries(lines).flat(),
    'content-length',
    String(body.byteLength),
    ...headers,
  ]);
  response.end(body);
}

/** The event that tells a streaming client of an error after the answer has begun. */
export function errorEvent(error: ParsimonyError): string {
  return `data: ${JSON.stringify(error.toBody())}\n\n`;
}
