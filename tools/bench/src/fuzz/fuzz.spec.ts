import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { judgeFuzz, parseFuzzReport, slowestLines } from './fuzz-report.js';
import { propertySpecs } from './property-specs.js';

const passed = { fullName: 'requests come back', status: 'passed', duration: 1_500 };
const skipped = { fullName: 'streams come back', status: 'skipped' };
const reportOf = (...specs: object[]) => JSON.stringify({ testResults: [{ assertionResults: specs }] });

it('holds where every spec passed, and not where one failed or was skipped', () => {
  expect(judgeFuzz(parseFuzzReport(reportOf(passed)), 100_000)).toEqual([
    { what: 'specs that hold, 100000 cases for each property', measured: '1', target: '1', met: true },
  ]);
  for (const bad of [skipped, { ...passed, status: 'failed' }])
    expect(judgeFuzz(parseFuzzReport(reportOf(passed, bad)), 1)[0]?.met).toBe(false);
});

it('refuses a run without specs', () => {
  for (const text of ['{}', '{"testResults":[]}', reportOf()]) expect(() => parseFuzzReport(text)).toThrow('no specs');
});

it('shows the slowest first', () =>
  expect(slowestLines([skipped, passed], 1)).toEqual(['     1.5 s  requests come back']));

it('finds the specs with properties, in whatever folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parsimony-fuzz-spec-'));
  try {
    await mkdir(join(folder, 'deep'));
    await writeFile(join(folder, 'deep/a.spec.ts'), "import { FUZZ } from '../test/marked.js';");
    await mkdir(join(folder, 'dist'));
    await writeFile(join(folder, 'dist/a.spec.ts'), 'marked.js');
    await writeFile(join(folder, 'b.spec.ts'), 'nothing');
    await writeFile(join(folder, 'c.ts'), 'marked.js');
    expect(await propertySpecs(folder, 'marked.js')).toEqual([join(folder, 'deep/a.spec.ts')]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
