import type { ProviderSettings } from '../config/provider-config.js';
import { OPENAI_PATHS, type Dialect } from './dialect.js';

/** OpenAI API reference. */
export function openAiDialect({ organization, project }: ProviderSettings): Dialect {
  return {
    catalogue: 'openai',
    defaultBaseUrl: 'https://api.openai.com/v1',
    keyHeader: 'authorization',
    headers: [
      ...(organization === undefined ? [] : ['openai-organization', organization]),
      ...(project === undefined ? [] : ['openai-project', project]),
    ],
    paths: OPENAI_PATHS,
    body: { usageOption: true },
    reasoning: 'inside',
  };
}
