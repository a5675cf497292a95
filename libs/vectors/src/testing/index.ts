export { ClusteredVectors } from './clustered-vectors.js';
export { crossTenantFuzz, type CrossTenantFuzzOptions, type CrossTenantFuzzResult } from './cross-tenant-fuzz.js';
export { describeVectorsConformance } from './describe-conformance.js';
export type { OpenedStore } from './opened-store.js';
export { QdrantStandIn } from './qdrant-stand-in.js';
export { Random } from './random.js';
