export { exactLayer } from './exact-layer.js';
export type { ExactParts } from './exact-parts.js';
