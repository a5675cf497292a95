import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aFolder } from '../../test/a-folder.js';
import { toHalves } from './half.js';
import type { TaskTarget, VectorWork } from './messages.js';
import { Shelf } from './shelf.js';

const MINUTE = 60_000;

describe('Shelf', () => {
  let folder: Awaited<ReturnType<typeof aFolder>>;
  let shelf: Shelf;
  const warnings: string[] = [];
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
    folder = await aFolder();
    shelf = new Shelf(folder.path, (message) => warnings.push(message));
  });
  afterEach(async () => {
    await shelf.close();
    vi.useRealTimers();
    await folder[Symbol.asyncDispose]();
    if (warnings.length > 0) throw new Error(warnings.join('\n'));
  });

  it('gives up in the background what has expired', async () => {
    const target = aTarget();
    await shelf.run(target, upsert(Date.now() + MINUTE / 2));
    await shelf.run(target, upsert(Infinity));
    expect(await shelf.run(target, { kind: 'count' })).toBe(2);
    vi.advanceTimersByTime(MINUTE);
    await vi.waitFor(async () => expect(await shelf.run(target, { kind: 'count' })).toBe(1));
  });

  it('puts away what nobody has asked for in a quarter of an hour, and takes it out again', async () => {
    const [idle, busy] = [aTarget(), aTarget()];
    for (const target of [idle, busy]) await shelf.run(target, upsert(Infinity));
    const search: VectorWork = { kind: 'search', vector: Float32Array.of(1, 0), scope: 'scope', limit: 1 };
    for (let minute = 0; minute < 16; minute++) {
      expect(shelf.searchNow(busy, search)).toHaveLength(1);
      vi.advanceTimersByTime(MINUTE);
    }
    expect(shelf.searchNow(busy, search)).toHaveLength(1);
    expect(shelf.searchNow(idle, search)).toBeUndefined();
    expect(await shelf.run(idle, search)).toHaveLength(1);
    expect(shelf.searchNow(idle, search)).toHaveLength(1);
    expect(existsSync(join(folder.path, 'shelf.2', idle.tenant, 'log'))).toBe(true);
  });

  it('opens a tenant once for many who ask at the same time', async () => {
    const target = aTarget();
    await Promise.all(Array.from({ length: 20 }, () => shelf.run(target, upsert(Infinity))));
    expect(await shelf.run(target, { kind: 'count' })).toBe(20);
  });
});

function aTarget(): TaskTarget {
  return { collection: 'shelf', dimensions: 2, tenant: randomUUID() };
}

function upsert(expiresAt: number): VectorWork {
  const vectors = toHalves(Float32Array.of(1, 0));
  const moments = { createdAt: Float64Array.of(0), expiresAt: Float64Array.of(expiresAt) };
  return { kind: 'upsert', points: { ids: [randomUUID()], scopes: ['scope'], ...moments, vectors } };
}
