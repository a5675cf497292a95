import { afterAll, beforeAll, expect } from 'vitest';
import { RealGateway } from '../real-gateway.js';

/** A gateway for one spec file. In the end its ledger has every call that was made, and costs exactly what was billed. */
export interface MeteredGateway {
  real: RealGateway;
  /** How many calls the spec has made; it counts them itself. */
  calls: number;
}

export function meteredGateway(): MeteredGateway {
  const metered = { calls: 0 } as MeteredGateway;
  beforeAll(async () => {
    metered.real = await RealGateway.start();
  });
  afterAll(async () => {
    const { real, calls } = metered;
    await real.settled();
    const ledger = await real.ledger();
    await real[Symbol.asyncDispose]();
    expect(ledger.calls).toBe(calls);
    expect(ledger.cost).toBe(real.billed());
    expect(ledger.cost).toBeGreaterThan(0n);
  });
  return metered;
}
