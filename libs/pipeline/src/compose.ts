import type { Layer, Next } from '@parsimony/contract';

/** Joins layers, outermost first, to one function that ends at the egress. */
export function compose(layers: readonly Layer[], egress: Next): Next {
  return layers.reduceRight<Next>((next, layer) => (call) => layer(call, next), egress);
}
