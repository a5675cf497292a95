import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aFolder } from '../test/a-folder.js';
import { aLog } from '../test/a-log.js';
import { openVectors } from './open-vectors.js';
import { QdrantStandIn } from './testing/qdrant-stand-in.js';

describe('openVectors', () => {
  const spec = { name: 'either', dimensions: 4 };

  it('keeps vectors in this process where no address is named', async () => {
    await using root = await aFolder();
    const folder = join(root.path, 'vectors');
    await using vectors = await openVectors({ url: '', folder, log: aLog() });
    expect(await (await vectors.collection(spec)).of(randomUUID()).count()).toBe(0);
    expect(existsSync(folder)).toBe(true);
  });

  it('asks the Qdrant whose address is named, and makes no folder', async () => {
    await using root = await aFolder();
    await using standIn = await QdrantStandIn.start();
    const folder = join(root.path, 'vectors');
    await using vectors = await openVectors({ url: standIn.url, folder, log: aLog() });
    expect(await (await vectors.collection(spec)).of(randomUUID()).count()).toBe(0);
    expect(existsSync(folder)).toBe(false);
    expect(standIn.requests.length).toBeGreaterThan(0);
  });
});
