import type { Capabilities, Capability, Host } from '@parsimony/contract';

/** A host with the capabilities that the spec gives it, whose log nobody reads. */
export function aHost<Needs extends Capability = never>(capabilities?: Pick<Capabilities, Needs>): Host<Needs> {
  const ignore = (): void => undefined;
  return {
    log: { info: ignore, warn: ignore, error: ignore },
    capabilities: capabilities ?? ({} as Pick<Capabilities, Needs>),
    reportHealth: ignore,
  };
}
