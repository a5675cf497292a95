import type { PromptMessage } from './prompt-message.js';

/** How the answer has to look: prose, any JSON object, or JSON that fits a schema. */
export type ResponseFormat =
  { readonly kind: 'text' | 'json_object' } | { readonly kind: 'json_schema'; readonly schema: unknown };

/** A function that the model may call. */
export interface FunctionTool {
  readonly name: string;
  /** JSON Schema of the arguments. */
  readonly parameters: unknown;
}

/** Which tool the answer has to call. */
export type ForcedTool =
  | { readonly kind: 'none' }
  /** Any of these. */
  | { readonly kind: 'required'; readonly tools: readonly FunctionTool[] }
  /** This one. */
  | { readonly kind: 'named'; readonly tool: FunctionTool };

/** What a caller wants, whichever protocol it speaks: besides seed, key and model, all that an answer is a function of. */
export interface Wish {
  readonly messages: readonly PromptMessage[];
  readonly choices: number;
  /** Most tokens of one choice, reasoning included; Infinity where the caller sets no limit. */
  readonly tokenLimit: number;
  /** Most hidden tokens; null: as many as the model likes. */
  readonly thinkingLimit: number | null;
  readonly stop: readonly string[];
  /** Names of the functions that may be called at all. */
  readonly toolNames: readonly string[];
  readonly forcedTool: ForcedTool;
  /** Whether one choice may call several tools. */
  readonly parallelToolCalls: boolean;
  readonly responseFormat: ResponseFormat;
  readonly seed: number | null;
  /** Tool definitions and schemas as text: they count as prompt tokens. */
  readonly definitions: string;
}
