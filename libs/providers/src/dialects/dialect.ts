import type { Operation } from '@parsimony/contract';
import type { BodyRules } from '../request/json-body.js';
import type { ReasoningPlace } from '../usage/token-buckets.js';

/** Stands in a path for the model's name at the provider. */
export const MODEL_PLACE = '{model}';

/** How one provider speaks, as data. */
export interface Dialect {
  /** The provider's id in the price catalogue; undefined where the deployment's own name for it serves. */
  readonly catalogue?: string;
  /** With its version, such as `https://api.openai.com/v1`; undefined where each has an address of its own. */
  readonly defaultBaseUrl?: string;
  /** What people write behind the base URL that stands in the paths already. */
  readonly impliedSuffix?: RegExp;
  /** The header line that a key stands in. */
  readonly keyHeader: 'authorization' | 'api-key' | 'x-api-key';
  /** Flat header lines that every request bears. */
  readonly headers: readonly string[];
  /** Every operation that the provider speaks itself, the preferred protocol first, with its path. */
  readonly paths: Readonly<Partial<Record<Operation, string>>>;
  readonly body: BodyRules;
  readonly reasoning: ReasoningPlace;
  /** Models that the provider knows by other names. */
  readonly modelNames?: Readonly<Record<string, string>>;
}

/** Paths that OpenAI's clients put behind their base URL (OpenAI API reference). */
export const OPENAI_PATHS = {
  'chat.completions': '/chat/completions',
  responses: '/responses',
  embeddings: '/embeddings',
  moderations: '/moderations',
  'audio.speech': '/audio/speech',
  'audio.transcriptions': '/audio/transcriptions',
  'audio.translations': '/audio/translations',
} as const satisfies Partial<Record<Operation, string>>;
