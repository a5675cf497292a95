import type { ProviderKind, ProviderSettings } from '../config/provider-config.js';
import { ANTHROPIC_DIALECT } from './anthropic.js';
import { azureDialect } from './azure.js';
import { compatibleDialect } from './compatible.js';
import type { Dialect } from './dialect.js';
import { GEMINI_DIALECT } from './gemini.js';
import { MISTRAL_DIALECT } from './mistral.js';
import { openAiDialect } from './openai.js';

const DIALECTS: Readonly<Record<ProviderKind, (settings: ProviderSettings) => Dialect>> = {
  openai: openAiDialect,
  azure: azureDialect,
  anthropic: () => ANTHROPIC_DIALECT,
  gemini: () => GEMINI_DIALECT,
  mistral: () => MISTRAL_DIALECT,
  compatible: compatibleDialect,
};

export function dialectOf(kind: ProviderKind, settings: ProviderSettings): Dialect {
  return DIALECTS[kind](settings);
}
