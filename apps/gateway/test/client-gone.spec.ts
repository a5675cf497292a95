import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RealGateway } from './real-gateway.js';

let real: RealGateway;
afterEach(() => real[Symbol.asyncDispose]());

const request = (stream: boolean) =>
  JSON.stringify({
    model: 'gpt-4.1-mini',
    messages: [{ role: 'user', content: 'Count to a hundred.' }],
    max_tokens: 60,
    stream,
  });

/** Begins a call and leaves after `ms`, whatever has happened until then. */
async function leaveAfter(ms: number, stream: boolean): Promise<void> {
  const leaving = new AbortController();
  const timer = setTimeout(() => leaving.abort(), ms);
  try {
    const response = await fetch(`${real.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${real.secret}`, 'content-type': 'application/json' },
      body: request(stream),
      signal: leaving.signal,
    });
    await response.text();
  } catch {
    // Leaving is what this is about.
  } finally {
    clearTimeout(timer);
  }
}

describe('a caller who leaves, with answers drained', () => {
  beforeEach(async () => {
    real = await RealGateway.start();
    real.simulator.configure({ latencyMs: 20, tokensPerSecond: 400 });
  });

  it.each([false, true])('at any moment, streaming %s: the ledger equals the bill', async (stream) => {
    for (let ms = 0; ms < 240; ms += 12) await Promise.all([leaveAfter(ms, stream), leaveAfter(ms + 5, stream)]);
    await real.settled();
    const rows = await real.rows('provider IS NOT NULL');
    expect(rows.some(({ status }) => status === 'cancelled')).toBe(true);
    expect(rows.every(({ settlement }) => settlement === 'exact')).toBe(true);
    expect((await real.ledger()).cost).toBe(real.billed());
    expect(real.gateway.core.journal.openReservations).toBe(0);
  });
});

describe('a caller who leaves, with answers aborted', () => {
  beforeEach(async () => {
    real = await RealGateway.start({}, { onClientAbort: 'abort' });
    real.simulator.configure({ latencyMs: 10, tokensPerSecond: 100, answerTokens: { min: 60, max: 60 } });
  });

  it('settles at least what was seen, and the provider stops', async () => {
    await leaveAfter(250, true);
    await real.settled();
    const [row] = await real.rows('provider IS NOT NULL');
    expect(row).toMatchObject({ settlement: 'at-least', status: 'cancelled' });
    expect(row?.['output']).toBeGreaterThan(5);
    expect(row?.['output']).toBeLessThan(60);
    await delay(50);
    const billed = real.billed();
    expect((await real.ledger()).cost).toBeLessThanOrEqual(billed);
    await delay(300);
    expect(real.billed()).toBe(billed);
  });
});
