import { setTimeout as delay } from 'node:timers/promises';
import type { Flusher } from '@parsimony/metering';

const PATIENCE_MS = 300;

/**
 * Brings what this gateway has settled to the ledger, so that a caller reads of the call that it has just made. What
 * cannot be written in a moment is not waited for: the ledger is then read as it is.
 */
export async function freshenLedger(flusher: Flusher): Promise<void> {
  await Promise.race([flusher.flush().catch(() => undefined), delay(PATIENCE_MS, undefined, { ref: false })]);
}
