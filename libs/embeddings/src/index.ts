export * from './bundled/bundled-embedder.js';
export * from './open-embeddings.js';
