import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { z } from 'zod';
import { MissingData } from './missing-data.js';

export interface DataSet<Row> {
  readonly rows: readonly Row[];
  /** SHA-256 of the content, unpacked, in hexadecimal: tells whether a model has learned from it. */
  readonly digest: string;
}

/**
 * Reads a set of lines of JSON. The file is found by its name up to the first full stop, packed or not, so that
 * `qqp.dev.jsonl.gz` and `qqp.test.jsonl` are both the set `qqp`.
 *
 * @throws MissingData where there is no such file, or a line is not of that form.
 */
export function readSet<Row>(folder: string, name: string, row: z.ZodType<Row>): DataSet<Row> {
  const file = (existsSync(folder) ? readdirSync(folder) : []).find(
    (candidate) => candidate.split('.')[0] === name && /\.jsonl(?:\.gz)?$/u.test(candidate),
  );
  if (file === undefined) throw new MissingData(`there is no set '${name}' in ${folder}`);
  const bytes = readFileSync(join(folder, file));
  const content = file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
  // Some texts hold Unicode line separators: split at the line feed alone.
  const lines = content.toString('utf8').split('\n').filter(Boolean);
  const rows = lines.map((line, index) => {
    const parsed = row.safeParse(JSON.parse(line));
    if (!parsed.success) throw new MissingData(`${file}, line ${String(index + 1)}: ${parsed.error.message}`);
    return parsed.data;
  });
  return { rows, digest: createHash('sha256').update(content).digest('hex') };
}
