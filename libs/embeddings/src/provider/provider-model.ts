import { embedderId } from '../embedder-id.js';

/** A provider's embedding model, and how many numbers its vectors have here. */
export interface ProviderModel {
  readonly id: string;
  /** As a caller would name it: `provider/model`. */
  readonly name: string;
  readonly dimensions: number;
  /** Whether the provider is asked for fewer numbers than the model has. */
  readonly shortened: boolean;
}

/** Numbers of the vectors of OpenAI's models; whether they may be cut, which models of the third generation allow. */
const KNOWN: Readonly<Record<string, { readonly dimensions: number; readonly cuttable: boolean }>> = {
  'text-embedding-3-small': { dimensions: 1536, cuttable: true },
  'text-embedding-3-large': { dimensions: 3072, cuttable: true },
  'text-embedding-ada-002': { dimensions: 1536, cuttable: false },
};

const MAX_DIMENSIONS = 16_384;

/**
 * Reads `provider/model` or `provider/model@dimensions`. OpenAI's models are known: with a number, text-embedding-3 is asked
 * for shorter vectors. Of other models the number says how many theirs have.
 *
 * @returns what is wrong with it, as a text, where it cannot be used.
 */
export function parseProviderModel(text: string): ProviderModel | string {
  const [, name, provider = '', model = '', number] = /^(([^/@]+)\/([^@]+))(?:@([1-9]\d{0,4}))?$/.exec(text) ?? [];
  if (!name) return 'it is neither provider/model nor provider/model@dimensions';
  const wanted = number === undefined ? undefined : Number(number);
  const known = KNOWN[model];
  const dimensions = wanted ?? known?.dimensions;
  if (dimensions === undefined) return `how many numbers its vectors have is not known: write ${name}@DIMENSIONS`;
  const shortened = known !== undefined && dimensions !== known.dimensions;
  if (dimensions > (known?.dimensions ?? MAX_DIMENSIONS))
    return `its vectors have at most ${known?.dimensions ?? MAX_DIMENSIONS} numbers`;
  if (shortened && !known.cuttable) return `its vectors have ${known.dimensions} numbers, no fewer`;
  return { id: embedderId(provider, model, shortened || !known ? dimensions : undefined), name, dimensions, shortened };
}
