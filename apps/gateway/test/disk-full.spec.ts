import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RealGateway } from './real-gateway.js';

/** A file system of 256 KB that can really be full. Only root can make one. */
const folder = await mkdtemp(join(tmpdir(), 'parsimony-full-'));
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder]).status === 0;
if (!mounted) console.warn('SKIPPED: the disk-full spec needs the right to mount a tmpfs');

describe.skipIf(!mounted)('a full disk under the journal', () => {
  let real: RealGateway;
  const ballast = join(folder, 'ballast');
  const ask = () =>
    real
      .client()
      .chat.completions.create({ model: 'gpt-4.1-mini', max_tokens: 5, messages: [{ role: 'user', content: 'x' }] });

  beforeAll(async () => {
    real = await RealGateway.start({ journalDirectory: join(folder, 'journal'), flushIntervalMs: 60_000 });
  });
  afterAll(async () => {
    await real[Symbol.asyncDispose]();
    spawnSync('umount', [folder]);
    await rm(folder, { recursive: true });
  });

  it('refuses calls before the provider hears of them, and loses nothing of those that were under way', async () => {
    await ask();
    await writeFile(ballast, Buffer.alloc(300 << 10)).catch(() => undefined);
    real.simulator.configure({ latencyMs: 100 });
    // The journal's last page still has room for some lines; then the disk is full.
    const outcomes = await Promise.allSettled(Array.from({ length: 60 }, (_, index) => delay(index * 10).then(ask)));
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    const answered = 1 + outcomes.length - refused.length;
    expect(answered).toBeGreaterThan(1);
    expect(refused.length).toBeGreaterThan(0);
    for (const { reason } of refused as PromiseRejectedResult[]) {
      expect(reason).toMatchObject({ status: 503, code: 'journal_unavailable' });
    }
    expect(real.simulator.bill().total.calls, 'the provider heard only of calls that were set aside').toBe(answered);
    expect((await fetch(`${real.url}/readyz`)).status).toBe(503);

    await rm(ballast);
    await expect.poll(() => real.gateway.core.journal.unwritten, { timeout: 5000 }).toBe(0);
    real.simulator.configure({ latencyMs: 0 });
    await ask();
    await real.settled();
    expect((await real.ledger()).cost).toBe(real.billed());
    expect(await real.rows("settlement = 'exact' AND status = 'ok'")).toHaveLength(answered + 1);
  });
});
