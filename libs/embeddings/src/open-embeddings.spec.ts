import type { JsonObject, PluginLog } from '@parsimony/contract';
import { startSimulator } from '@parsimony/simulator';
import { aCall } from '@parsimony/testkit';
import { describe, expect, it } from 'vitest';
import { SimulatedModels } from '../test/simulated-models.js';
import { hasTransformers } from './local/transformers-package.js';
import { openEmbeddings } from './open-embeddings.js';

function aLog() {
  const warned: (JsonObject | undefined)[] = [];
  const log: PluginLog = { info: () => undefined, warn: (_, fields) => warned.push(fields), error: () => undefined };
  return { log, warned };
}

describe('openEmbeddings', () => {
  it('has the bundled embedder, one for all', async () => {
    const { log } = aLog();
    await using embeddings = openEmbeddings({ log });
    const embedder = embeddings.embedder('bundled');
    expect(embedder).toMatchObject({ id: 'bundled-use-lite', dimensions: 512, multilingual: false });
    expect(embeddings.embedder('bundled')).toBe(embedder);
    const [vector] = (await embedder?.embed(['How do I reset my password?'], aCall())) ?? [];
    expect(vector).toHaveLength(512);
  });

  it('has the models that can be asked', async () => {
    await using simulator = await startSimulator();
    const { log, warned } = aLog();
    await using embeddings = openEmbeddings({ models: new SimulatedModels(simulator), log });
    const embedder = embeddings.embedder('openai/text-embedding-3-small');
    expect(await embedder?.embed(['Как сбросить пароль?'], aCall())).toHaveLength(1);
    expect(warned).toEqual([]);
  });

  it('tells the operator once why there is no embedder', async () => {
    const { log, warned } = aLog();
    await using embeddings = openEmbeddings({ log });
    for (let time = 0; time < 3; time++) {
      expect(embeddings.embedder('openai/text-embedding-3-small')).toBeUndefined();
      expect(embeddings.embedder('local/mini')).toBeUndefined();
    }
    expect(warned).toEqual([
      { embedder: 'openai/text-embedding-3-small', reason: 'no provider can be asked here' },
      { embedder: 'local/mini', reason: 'there is no folder for local models' },
    ]);
  });

  it.skipIf(hasTransformers())('says how to add what local models need', async () => {
    const { log, warned } = aLog();
    await using embeddings = openEmbeddings({ log, home: '/nowhere' });
    expect(embeddings.embedder('local/mini')).toBeUndefined();
    expect(warned[0]?.['reason']).toBe(
      '@huggingface/transformers is not installed: npm install @huggingface/transformers',
    );
  });
});
