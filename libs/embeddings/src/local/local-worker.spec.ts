import { aCall } from '@parsimony/testkit';
import { describe, expect, it } from 'vitest';
import { cosine } from '../../test/angles.js';
import { openEmbeddings } from '../open-embeddings.js';
import { hasTransformers } from './transformers-package.js';

/** A data folder whose `models` holds a model, and that model's name. */
const home = process.env['LOCAL_EMBEDDINGS_HOME'];
const model = process.env['LOCAL_EMBEDDINGS_MODEL'] ?? '';
const runs = hasTransformers() && home !== undefined;
if (!runs) {
  console.warn(
    'SKIPPED local models: they need @huggingface/transformers, LOCAL_EMBEDDINGS_HOME and LOCAL_EMBEDDINGS_MODEL',
  );
}

describe.skipIf(!runs)('a local model', () => {
  it('embeds', async () => {
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    await using embeddings = openEmbeddings({ log, home: home ?? '' });
    const embedder = embeddings.embedder(`local/${model}`);
    const texts = [
      'How do I reset my password?',
      'I forgot my password, how do I get a new one?',
      'Will it rain in Paris?',
    ];
    const [question, paraphrase, other] = (await embedder?.embed(texts, aCall())) ?? [];
    expect(question).toHaveLength(embedder?.dimensions ?? 0);
    expect(cosine(question!, paraphrase!)).toBeGreaterThan(cosine(question!, other!) + 0.2);
  });
});
