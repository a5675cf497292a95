import { ResourceNotFound } from '@parsimony/contract';

export function notFound(
  kind:
    | ('tenant' | 'team' | 'API key' | 'operator key' | 'configuration' | 'provider credential')
    | ('budget' | 'credit' | 'rate limit'),
  param: string,
): ResourceNotFound {
  return new ResourceNotFound(`there is no such ${kind}, or you may not see it`, { param });
}
