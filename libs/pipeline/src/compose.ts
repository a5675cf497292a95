import type { Layer, LayerScope, Next } from '@parsimony/contract';

/** Joins layers, outermost first, to one function that ends at the egress. */
export function compose(layers: readonly Layer[], egress: Next): Next {
  return layers.reduceRight<Next>((next, layer) => {
    const scope = openScope(next);
    return (call) => layer(call, next, scope);
  }, egress);
}

/** The scope of a layer that nobody guards. */
function openScope(next: Next): LayerScope {
  return { detached: next, waitFor: (other) => other };
}
