import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.js';
import { BoundedLog } from './bounded-log.js';

it('begins anew past its largest size and keeps one former file', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'data.log');
  const log = await BoundedLog.open(path, 100);
  await appendFile(path, 'x'.repeat(101));
  await log.rotate();
  await appendFile(path, 'one\ntwo\nthree\n');
  await log.rotate();
  expect(await readFile(path, 'utf8')).toBe('one\ntwo\nthree\n');
  expect(await readFile(`${path}.1`, 'utf8')).toBe('x'.repeat(101));
  expect(await log.tail(2)).toBe('two\nthree');
  await log.close();
});
