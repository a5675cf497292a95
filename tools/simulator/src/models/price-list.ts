import { AUDIO_MODELS } from './audio-models.js';
import { CLAUDE_MODELS } from './claude-models.js';
import type { Model } from './model.js';
import { OPENAI_MODELS } from './openai-models.js';
import type { Price } from './price.js';

/**
 * The providers' list prices, entered by hand and checked against LiteLLM's `model_prices_and_context_window.json`.
 * The simulator is the independent witness of the gateway's ledger, so nothing here is shared with the gateway's
 * catalogue.
 */
export const PRICE_LIST: readonly Model[] = [...OPENAI_MODELS, ...AUDIO_MODELS, ...CLAUDE_MODELS];

/** What a model of the answer book costs that no price was given for: as gpt-4.1. */
export const UNLISTED_PRICE: Price = { input: 2_000_000n, cachedInput: 500_000n, output: 8_000_000n };
