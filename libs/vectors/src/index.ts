export { type EmbeddedOptions, openEmbeddedVectors } from './embedded/embedded-vectors.js';
export { openVectors, type VectorsOptions } from './open-vectors.js';
export { openQdrantVectors, type QdrantOptions } from './qdrant/qdrant-vectors.js';
