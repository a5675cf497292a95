import type { PriorWeights } from '@parsimony/semantic-cache/verification';
import { openEmbedder } from './open-embedder.js';
import { trainPrior } from './prior-training.js';
import { trainingSets, type SetsOptions } from './sets.js';

/** Learns the weights that the plugin ships. @returns the source of its file `shipped-weights.ts`. @throws MissingData */
export async function trainWeights(options: SetsOptions): Promise<string> {
  await using embedder = await openEmbedder();
  const { qqp, clinc150, banking77 } = await trainingSets(options, embedder);
  const learnedFrom = [qqp, clinc150, banking77];
  return `import type { PriorWeights } from './prior.js';

// Written by \`npm run evaluate -- cache-train\`; not to be edited by hand.
//
// Learned with ${embedder.id} vectors from ${learnedFrom.map(({ name, texts }) => `${name} (${String(texts.length)} texts)`).join(', ')}:
// Quora question pairs by way of zilliztech/GPTCache@c59fb3a (the questions are Quora's, for non-commercial use: none is
// here, only the numbers below), CLINC150 (clinc/oos-eval@828f809, CC BY 3.0) and BANKING77
// (PolyAI-LDN/task-specific-datasets@57ec275, CC BY 4.0). Half of each source, the other half was not looked at.

/** SHA-256 of the sets, unpacked: an evaluation on one of them must not use these weights. */
export const LEARNED_FROM: readonly string[] = [
${learnedFrom.map(({ name, digest }) => `  // ${name}\n  '${digest}',`).join('\n')}
];

/** For answers to questions of any kind. */
export const QUESTION_WEIGHTS: PriorWeights = [${listed(trainPrior([qqp]))}];

/** For caches of classifications, where many entries share an answer. */
export const CLASS_WEIGHTS: PriorWeights = [${listed(trainPrior([clinc150, banking77]))}];
`;
}

function listed(weights: PriorWeights): string {
  return weights.join(', ');
}
