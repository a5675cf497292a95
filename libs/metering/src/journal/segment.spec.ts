import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { JournalFolder } from '../../test/journal-folder.js';
import { Segment } from './segment.js';

it('writes nothing any more once it is closed, though its file number may be in use again', () => {
  using folder = new JournalFolder();
  const segment = new Segment(join(folder.directory, 'closed.journal'));
  segment.append(Buffer.from('before\n'));
  segment.close();
  const stranger = join(folder.directory, 'stranger');
  const descriptor = openSync(stranger, 'w');
  try {
    expect(() => segment.append(Buffer.from('after\n'))).toThrow(/closed/);
  } finally {
    closeSync(descriptor);
  }
  expect(readFileSync(stranger, 'utf8')).toBe('');
  expect(readFileSync(segment.path, 'utf8')).toBe('before\n');
});
