import type { Embedder, Models } from '@parsimony/contract';
import type { Configuration } from '../configuration.js';
import { automaticComparer } from './automatic-comparer.js';
import type { Comparer } from './comparer.js';
import { embeddingComparer } from './embedding-comparer.js';
import { judgeComparer } from './judge-comparer.js';
import { compareJson } from './json-comparer.js';
import { sameJson } from './json-equality.js';
import { compareTexts } from './text-comparer.js';

/** @param embedder that of the tenant's questions; it compares answers too. */
export function comparerOf(compare: Configuration['compare'], embedder: Embedder, models: Models): Comparer {
  if (typeof compare === 'object') return withCalls(judgeComparer(models, compare.judge));
  switch (compare) {
    case 'text':
      return withCalls(compareTexts);
    case 'json':
      return withCalls(compareJson);
    case 'embedding':
      return withCalls(embeddingComparer(embedder));
    case 'auto':
      return withCalls(automaticComparer(embeddingComparer(embedder)));
  }
}

/** Answers that call tools are equal where they call the same ones with the same arguments; empty answers tell nothing. */
export function withCalls(texts: Comparer): Comparer {
  return async (pair, context) => {
    const { kept, fresh } = pair;
    if (kept.calls.length > 0 || fresh.calls.length > 0) {
      return sameJson(
        kept.calls.map((call) => ({ ...call })),
        fresh.calls.map((call) => ({ ...call })),
      );
    }
    if (kept.text === '' && fresh.text === '') return undefined;
    return texts(pair, context);
  };
}
