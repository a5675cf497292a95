import { serveEmbeddings } from '../thread/serve-embeddings.js';
import { readModelFiles } from './model-files.js';
import { MAX_TOKENS, SentenceEncoder } from './sentence-encoder.js';
import { SentencePieces } from './sentence-pieces.js';

/**
 * Longer texts are cut before they are tokenized. The model reads 128 tokens, but a token may be a run of unknown symbols
 * of any length.
 */
const MAX_UNITS = 8_192;
/** Tokens of one pass: with fewer the weights are read too often, with more the first texts wait for the last. */
const PASS_TOKENS = 64;

/** In a function of its own, so that the files' 28 MB are given up after. */
async function loadModel(): Promise<{ pieces: SentencePieces; encoder: SentenceEncoder }> {
  const { weights, vocabulary } = await readModelFiles();
  return { pieces: new SentencePieces(vocabulary), encoder: new SentenceEncoder(weights) };
}

const { pieces, encoder } = await loadModel();
// The first pass compiles the kernel: before traffic comes.
encoder.encode([[0]]);

serveEmbeddings(function* (texts) {
  let pass: number[][] = [];
  let tokensInPass = 0;
  for (const text of texts) {
    const tokens = pieces.encode(text.slice(0, MAX_UNITS)).slice(0, MAX_TOKENS);
    if (pass.length > 0 && tokensInPass + tokens.length > PASS_TOKENS) {
      yield encoder.encode(pass);
      pass = [];
      tokensInPass = 0;
    }
    pass.push(tokens);
    tokensInPass += tokens.length;
  }
  if (pass.length > 0) yield encoder.encode(pass);
});
