/** 32 MiB: 13,000 vectors of the bundled embedder, 5,000 of text-embedding-3-small. */
export const DEFAULT_CACHE_BYTES = 32 * 1024 * 1024;
