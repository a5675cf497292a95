import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseFuzzReport, type FuzzSpec } from './fuzz-report.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');

/**
 * Runs spec files by vitest and shows what it says.
 *
 * @param variables further environment variables, which say how thorough the specs are to be.
 * @throws Error where none ran, AbortError at the signal.
 */
export async function runSpecs(
  paths: readonly string[],
  variables: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<FuzzSpec[]> {
  const results = await mkdtemp(join(tmpdir(), 'parsimony-fuzz-'));
  try {
    const out = join(results, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${out}`];
    const child = spawn(process.execPath, [VITEST, 'run', ...reporters, ...paths], {
      cwd: ROOT,
      env: { ...process.env, ...variables },
      stdio: ['ignore', 'inherit', 'inherit'],
      signal,
      killSignal: 'SIGTERM',
    });
    await once(child, 'exit');
    return parseFuzzReport(await readFile(out, 'utf8'));
  } finally {
    await rm(results, { recursive: true, force: true });
  }
}
