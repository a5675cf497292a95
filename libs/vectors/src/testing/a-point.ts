import { randomUUID } from 'node:crypto';
import type { VectorPoint } from '@parsimony/contract';

const HOUR = 3_600_000;
export const DIMENSIONS = 16;

/** A point that lives for an hour. */
export function aPoint(changes: Partial<VectorPoint> = {}): VectorPoint {
  const now = Date.now();
  return { id: randomUUID(), vector: axis(1), scope: 'scope', createdAt: now, expiresAt: now + HOUR, ...changes };
}

/** A vector with these components, and zeros behind them. */
export function axis(...components: readonly number[]): Float32Array {
  return Float32Array.from({ length: DIMENSIONS }, (_, n) => components[n] ?? 0);
}
