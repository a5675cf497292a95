import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CONFORMANCE_CHECKS } from './conformance/run-conformance.js';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const page = read('../../../docs/plugins.md');

describe('docs/plugins.md', () => {
  it.each(['steady-seed.ts', 'steady-seed.spec.ts'])('shows %s, which runs here, as it stands', (file) => {
    expect(page).toContain(read(`../test/example-plugin/${file}`));
  });

  it('names every check of the conformance suite', () => {
    for (const { name } of CONFORMANCE_CHECKS) expect(page).toContain(`\n- ${name}`);
  });
});
