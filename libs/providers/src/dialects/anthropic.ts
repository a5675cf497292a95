import type { Dialect } from './dialect.js';

/** Anthropic API reference, "Create a Message" and "Versions". */
export const ANTHROPIC_DIALECT: Dialect = {
  catalogue: 'anthropic',
  defaultBaseUrl: 'https://api.anthropic.com',
  impliedSuffix: /\/v1$/,
  keyHeader: 'x-api-key',
  headers: ['anthropic-version', '2023-06-01'],
  paths: { messages: '/v1/messages' },
  body: { usageOption: false },
  reasoning: 'inside',
};
