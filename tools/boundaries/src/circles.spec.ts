import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WORKSPACE } from '../test/workspace-linter.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parsimony-circles-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Lints a folder by the workspace's own oxlint configuration. @returns exit code and report. */
function lint(): Promise<{ readonly code: number; readonly report: string }> {
  const oxlint = join(WORKSPACE, 'node_modules/.bin/oxlint');
  return new Promise((resolve) => {
    const child = execFile(oxlint, ['--config', join(WORKSPACE, '.oxlintrc.json'), folder], (_error, stdout) =>
      resolve({ code: child.exitCode ?? -1, report: stdout }),
    );
  });
}

it('files that import each other are refused', async () => {
  await writeFile(
    join(folder, 'first.ts'),
    "import { second } from './second.js';\nexport const first = () => second;\n",
  );
  await writeFile(
    join(folder, 'second.ts'),
    "import { first } from './first.js';\nexport const second = () => first;\n",
  );
  const { code, report } = await lint();
  expect(report).toContain('import(no-cycle)');
  expect(code).toBe(1);
});

it('files that import in one direction are let through', async () => {
  await writeFile(
    join(folder, 'first.ts'),
    "import { second } from './second.js';\nexport const first = () => second;\n",
  );
  await writeFile(join(folder, 'second.ts'), 'export const second = 2;\n');
  expect((await lint()).code).toBe(0);
});
