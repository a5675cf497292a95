import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { aFolder } from '../../test/a-folder.js';
import { aLog } from '../../test/a-log.js';
import type { TaskTarget } from './messages.js';
import { VectorThread } from './vector-thread.js';

const target: TaskTarget = { collection: 'thread', dimensions: 4, tenant: randomUUID() };
const count = { kind: 'count' } as const;

describe('VectorThread', () => {
  it('says why a task failed, and works on', async () => {
    await using folder = await aFolder();
    await using thread = new VectorThread(folder.path, aLog());
    mkdirSync(join(folder.path, 'thread.4'), { recursive: true });
    writeFileSync(join(folder.path, 'thread.4', target.tenant), 'a file where a folder has to be');
    await expect(thread.run(target, count)).rejects.toMatchObject({
      code: 'vectors_unavailable',
      message: expect.stringContaining('EEXIST'),
    });
    expect(await thread.run({ ...target, tenant: randomUUID() }, count)).toBe(0);
  });

  it('fails what it was asked when it dies, and is started anew with what it had', async () => {
    await using folder = await aFolder();
    await using thread = new VectorThread(folder.path, aLog());
    const created = new Promise<Worker>((resolve) => void process.once('worker', resolve));
    const points = {
      ids: [randomUUID()],
      scopes: ['scope'],
      createdAt: Float64Array.of(0),
      expiresAt: Float64Array.of(Infinity),
    };
    await thread.run(target, { kind: 'upsert', points: { ...points, vectors: Uint16Array.of(0x3c_00, 0, 0, 0) } });
    const worker = await created;
    const asked = thread.run({ ...target, tenant: randomUUID() }, count);
    const [failed] = await Promise.all([
      asked.then(
        () => undefined,
        (error: unknown) => error,
      ),
      worker.terminate(),
    ]);
    expect(failed).toMatchObject({ code: 'vectors_unavailable' });
    expect(await thread.run(target, count)).toBe(1);
  });
});
