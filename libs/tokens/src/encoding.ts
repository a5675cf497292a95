/** The token vocabularies of OpenAI's models since 2023, by tiktoken's names. */
export type Encoding = 'o200k_base' | 'cl100k_base';

/** GPT-4 (but not 4o, 4.1, 4.5), GPT-3.5, and the embedding models; fine-tuned ones bear the base model's name after `ft:`. */
const CL100K = /^(?:ft:)?(?:gpt-4(?![o.])|gpt-3\.5|gpt-35|text-embedding-|davinci-002|babbage-002)/;

/**
 * The vocabulary of a model, as tiktoken knows it.
 *
 * @param model a provider's name of the model, or that with the provider before it (`openai/gpt-4`).
 * @returns `o200k_base` for models that it does not know: other providers publish no vocabulary for this platform, and
 * this one comes near theirs.
 */
export function encodingOf(model: string): Encoding {
  return CL100K.test(model.slice(model.lastIndexOf('/') + 1)) ? 'cl100k_base' : 'o200k_base';
}
