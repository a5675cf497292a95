import { expect } from 'vitest';
import type { RealGateway } from '../real-gateway.js';

/** The ledger has every call that was made, each closed, and costs exactly what the provider billed. */
export async function expectLedgerToEqualBill(real: RealGateway, calls: number): Promise<void> {
  await real.settled();
  const ledger = await real.ledger();
  expect(ledger.calls).toBe(calls);
  expect(ledger.cost).toBe(real.billed());
  expect(ledger.cost).toBeGreaterThan(0n);
}
