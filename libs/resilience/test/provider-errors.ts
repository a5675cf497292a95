import { ProviderError } from '@parsimony/contract';

/** What a provider answers with an error status. */
export function anErrorAnswer(status: number, headers: Record<string, string> = {}, body: object = {}): ProviderError {
  return new ProviderError(`answered with status ${status}`, status, Buffer.from(JSON.stringify(body)), headers);
}
